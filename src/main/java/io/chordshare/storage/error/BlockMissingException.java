package io.chordshare.storage.error;

import io.chordshare.storage.model.Sha256;

/**
 * This node does not hold the block, but another node may. Trying again here helps only after the block was fetched.
 */
public final class BlockMissingException extends StorageException {

    public BlockMissingException(Sha256 hash) {
        super("block " + hash + " is not on this node: fetch it from another holder", null);
    }
}
