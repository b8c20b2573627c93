package io.chordshare.storage.disk;

import io.chordshare.storage.error.DiskFullException;
import java.io.IOException;

/**
 * The space for new data: the free space of the disk minus a reserve. New files leave the whole reserve free. Repair
 * (records and index entries of other nodes) leaves half of it free. Deletes and the node's own facts may use all of
 * it. The {@link Ballast} keeps part of the reserve available when other programs fill the disk.
 */
public final class DiskSpace {

    /** With less space than this, even the smallest file does not fit. */
    static final long SMALLEST_FILE_BYTES = 32 * 1024;
    /** Extra database pages that a change may need, beside the row. */
    private static final long PAGES_BYTES = 16 * 1024;
    /** Size of a row without its body: a name of up to 1,024 bytes, keys and hashes, in several trees. */
    private static final long ROW_BYTES = 2 * 1024;
    /** With less space than this, a failed write counts as "disk full", whatever the error says. */
    private static final long AS_GOOD_AS_FULL_BYTES = 1024 * 1024;

    private final long reserveBytes;
    private final Ballast ballast;
    private final FreeSpace disk;
    private volatile long lastUsable;
    /** Space that the current transaction needs. Only the writer uses it. */
    private long promised;

    /** What the space is for. */
    public enum Use { NEW_FILE, REPAIR }

    DiskSpace(FreeSpace disk, long reserveBytes, Ballast ballast) {
        this.reserveBytes = reserveBytes;
        this.ballast = ballast;
        this.disk = disk;
    }

    /** Space for new files in bytes. */
    long usableBytes() throws IOException {
        long usable = usableBytes(Use.NEW_FILE);
        lastUsable = usable;
        return usable;
    }

    long usableBytes(Use use) throws IOException {
        long left = use == Use.NEW_FILE ? reserveBytes : reserveBytes - reserveBytes / 2;
        return Math.max(0, disk.bytes() + ballast.heldBytes() - left);
    }

    /** Space for new files at the last check. */
    long lastUsableBytes() {
        return lastUsable;
    }

    /** Whether the free space is at least the reserve, without the ballast. */
    boolean isReserveFree() throws IOException {
        return disk.bytes() >= reserveBytes;
    }

    boolean isAsGoodAsFull() throws IOException {
        return disk.bytes() < AS_GOOD_AS_FULL_BYTES;
    }

    /** @throws DiskFullException unless there is space for {@code bytes} more bytes of a new file */
    public void require(long bytes) throws IOException {
        if (usableBytes() < bytes) {
            throw new DiskFullException(null);
        }
    }

    /** Starts counting the space of a new transaction. */
    public void beginTransaction() {
        promised = 0;
    }

    /**
     * Reserves space for a row whose body has {@code bodyBytes} bytes. Nothing is written before the commit, so this
     * also counts the other rows of the same transaction.
     *
     * @throws DiskFullException unless there is space
     */
    public void requireRow(Use use, long bodyBytes) throws IOException {
        // Once in the log and once in the database file
        long bytes = 2 * (ROW_BYTES + bodyBytes);
        if (usableBytes(use) < PAGES_BYTES + promised + bytes) {
            throw new DiskFullException(null);
        }
        promised += bytes;
    }
}
