package io.chordshare.storage.error;

import io.chordshare.storage.model.Sha256;

/** The received bytes are not the announced block. Nothing was kept. Send the block again. */
public final class BlockMismatchException extends StorageException {

    public BlockMismatchException(Sha256 expected, String what) {
        super("the received bytes are not block " + expected + ": " + what + ". Send the block again", null);
    }
}
