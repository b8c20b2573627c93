package io.chordshare.storage.disk;

import io.chordshare.storage.error.DiskFullException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;

/**
 * The room for new data: what is free on the disk, less a reserve. New files leave all of the reserve; what keeps this
 * node in step with the others (records and index lines of peers) leaves half of it; deletes and the node's own few
 * facts may use it all. Its last part is there also when others fill the disk, see {@link Ballast}.
 */
public final class DiskSpace {

    /** With less than this there is no room for the smallest of files. */
    static final long SMALLEST_FILE_BYTES = 32 * 1024;
    /** Further pages of the database that a change may take, beside the row itself. */
    private static final long PAGES_BYTES = 16 * 1024;
    /** What a row takes beside its body: a name of up to 1,024 bytes, keys and hashes, in several trees. */
    private static final long ROW_BYTES = 2 * 1024;
    /** With less than this left, a failed write is taken for a full disk, whatever the words of the error. */
    private static final long AS_GOOD_AS_FULL_BYTES = 1024 * 1024;

    private final long reserveBytes;
    private final Ballast ballast;
    /** Kept, because finding it anew reads the whole list of mounts. */
    private final FileStore disk;
    private volatile long lastUsable;
    /** What the transaction that is being made will take. Only the writer's thread uses it. */
    private long promised;

    /** What room is asked for. */
    public enum Use { NEW_FILE, REPAIR }

    DiskSpace(Layout layout, long reserveBytes, Ballast ballast) throws IOException {
        this.reserveBytes = reserveBytes;
        this.ballast = ballast;
        this.disk = Files.getFileStore(layout.root());
    }

    /** Room for new files. */
    long usableBytes() throws IOException {
        long usable = usableBytes(Use.NEW_FILE);
        lastUsable = usable;
        return usable;
    }

    long usableBytes(Use use) throws IOException {
        long left = use == Use.NEW_FILE ? reserveBytes : reserveBytes - reserveBytes / 2;
        return Math.max(0, disk.getUsableSpace() + ballast.heldBytes() - left);
    }

    /** Room for new files when it was last looked at. */
    long lastUsableBytes() {
        return lastUsable;
    }

    /** Whether there is as much as the reserve, the ballast not counted. */
    boolean isReserveFree() throws IOException {
        return disk.getUsableSpace() >= reserveBytes;
    }

    boolean isAsGoodAsFull() throws IOException {
        return disk.getUsableSpace() < AS_GOOD_AS_FULL_BYTES;
    }

    /** @throws DiskFullException unless there is room for {@code bytes} more of a new file */
    public void require(long bytes) throws IOException {
        if (usableBytes() < bytes) {
            throw new DiskFullException(null);
        }
    }

    /** A transaction begins: nothing is promised yet. */
    public void beginTransaction() {
        promised = 0;
    }

    /**
     * In a transaction, for a row of which the body has {@code bodyBytes}: until the commit nothing of it is on the
     * disk, so what the others of the same transaction take is counted, too.
     *
     * @throws DiskFullException unless there is room
     */
    public void requireRow(Use use, long bodyBytes) throws IOException {
        // once in the log and once in its place
        long bytes = 2 * (ROW_BYTES + bodyBytes);
        if (usableBytes(use) < PAGES_BYTES + promised + bytes) {
            throw new DiskFullException(null);
        }
        promised += bytes;
    }
}
