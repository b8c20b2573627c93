package io.chordshare.storage.blocks;

/**
 * Why the bytes of a block are not needed any more: who said so. Nothing is deleted for another reason, above all not
 * because the database does not name it: a database may be new, restored, damaged or older than the blocks.
 */
public enum Unneeded {
    /** By newer records: every record here that named the block was replaced by a newer version, or by a deletion. */
    REPLACED,
    /** By its uploader: the upload that brought the block here was released or went silent, without a record. */
    RELEASED,
    /**
     * By the end of this process: the upload that brought the block here was cut off, so it was acknowledged nowhere.
     */
    CUT_OFF
}
