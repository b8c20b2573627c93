package io.chordshare.storage.error;

import io.chordshare.storage.model.Sha256;

/** The bytes that were sent are not the block that was announced; nothing of them was kept. Send the block again. */
public final class BlockMismatchException extends StorageException {

    public BlockMismatchException(Sha256 expected, String what) {
        super("what was sent is not block " + expected + ": " + what + ". Send the block again", null);
    }
}
