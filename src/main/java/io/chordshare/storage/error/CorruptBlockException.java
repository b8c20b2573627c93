package io.chordshare.storage.error;

import io.chordshare.storage.blocks.BlockStore;
import io.chordshare.storage.model.Sha256;

/**
 * The block's file is damaged. Nothing of the damaged part was returned. Trying again does not help: the block must be
 * {@linkplain BlockStore#quarantine quarantined} and fetched from another node.
 */
public final class CorruptBlockException extends StorageException {

    public CorruptBlockException(Sha256 hash, String what) {
        super("block " + hash + " is damaged on this node's disk (" + what + "): use another holder's copy", null);
    }
}
