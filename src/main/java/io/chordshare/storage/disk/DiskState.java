package io.chordshare.storage.disk;

/**
 * What the disk of a node can do at the moment.
 *
 * @param detail what that means and what to do about it, for a person; names no path
 */
public record DiskState(Condition condition, String detail) {

    /** As a closed set. */
    public enum Condition {
        /** Takes and gives. */
        GOOD,
        /** Has no room for new files; reads and deletes go on. */
        FULL,
        /** Takes nothing any more, deletes neither. */
        READ_ONLY,
        /** Fails, or does not answer. */
        FAILING
    }

    static final DiskState GOOD = new DiskState(Condition.GOOD, "The disk works and has room.");
    static final DiskState FULL = new DiskState(Condition.FULL, "There is no room for new files: uploads are answered"
            + " 507, downloads and deletes go on. Delete files, make room on the disk, or add nodes.");
    static final DiskState READ_ONLY = new DiskState(Condition.READ_ONLY, "The disk has become read-only: nothing can"
            + " be stored or deleted, downloads go on. Look at the system's log, repair the disk, mount it for "
            + "writing.");

    static DiskState failing(String why) {
        return new DiskState(Condition.FAILING, "The disk fails (" + why
                + "): uploads and deletes may fail. Look at this node's log, at the disk and at its permissions.");
    }

    public boolean isGood() {
        return condition == Condition.GOOD;
    }
}
