package io.chordshare.storage.blocks;

/**
 * Why a block may be deleted. There is no other reason. In particular, a block is not deleted because the database does
 * not name it: the database may be new, restored, damaged or older than the blocks.
 */
public enum DeletionReason {
    /** Every record here that named the block was replaced by a newer version or a deletion. */
    REPLACED,
    /** The upload that brought the block here ended or went silent, and no record names the block. */
    RELEASED,
    /**
     * The process ended while the upload that brought the block here was running, so no node acknowledged the upload.
     */
    CUT_OFF
}
