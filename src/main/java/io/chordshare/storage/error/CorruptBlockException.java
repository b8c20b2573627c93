package io.chordshare.storage.error;

import io.chordshare.storage.blocks.BlockStore;
import io.chordshare.storage.model.Sha256;

/**
 * The block's file is damaged, and nothing of the damaged part was given out. Trying again does not help: the block has
 * to be {@linkplain BlockStore#quarantine set aside} and fetched from another holder.
 */
public final class CorruptBlockException extends StorageException {

    public CorruptBlockException(Sha256 hash, String what) {
        super("block " + hash + " is damaged on this node's disk (" + what + "): use another holder's copy", null);
    }
}
