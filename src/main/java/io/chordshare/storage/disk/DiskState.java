package io.chordshare.storage.disk;

/**
 * The current state of a node's disk.
 *
 * @param detail what the state means and what to do about it, for a person; contains no path
 */
public record DiskState(Condition condition, String detail) {

    /** The possible states. */
    public enum Condition {
        /** Reads and writes work. */
        GOOD,
        /** No room for new files. Reads and deletes work. */
        FULL,
        /** Nothing can be written or deleted. */
        READ_ONLY,
        /** The disk fails or hangs. */
        FAILING
    }

    static final DiskState GOOD = new DiskState(Condition.GOOD, "The disk works and has room.");
    static final DiskState FULL = new DiskState(Condition.FULL, "There is no room for new files: uploads get status"
            + " 507, downloads and deletes still work. Delete files, free space on the disk, or add nodes.");
    static final DiskState READ_ONLY = new DiskState(Condition.READ_ONLY, "The disk has become read-only: nothing can"
            + " be stored or deleted, downloads still work. Look at the system's log, repair the disk, and mount it"
            + " for writing.");

    static DiskState failing(String why) {
        return new DiskState(Condition.FAILING, "The disk fails (" + why
                + "): uploads and deletes may fail. Check this node's log, the disk and its permissions.");
    }

    public boolean isGood() {
        return condition == Condition.GOOD;
    }
}
