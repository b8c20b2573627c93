package io.chordshare.storage.disk;

import io.chordshare.storage.blocks.BlockFormat;
import io.chordshare.storage.disk.DiskSpace.Use;
import io.chordshare.storage.error.DiskFullException;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.error.StoreFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The disk of a node's directory: its free space, and whether it works. Every failure of this package is reported here
 * and becomes a {@link StorageException}, with a message that contains no path. A regular {@link #check} finds failures
 * that no request noticed, and notices recovery. Logs changes, at most a few lines per minute. Thread-safe.
 */
public final class Disk {

    /** Interval of test writes while nothing else writes. */
    private static final Duration PROBE_EVERY = Duration.ofSeconds(10);
    /** Minimum duration of a failure state: a disk that fails only in part must not look good between two failures. */
    private static final Duration FAILING_FOR = Duration.ofSeconds(10);
    /** A check that takes longer than this means that the disk hangs. */
    private static final Duration STUCK_AFTER = Duration.ofSeconds(20);
    /** Interval of log lines about a lasting failure. */
    private static final Duration REMIND_EVERY = Duration.ofMinutes(1);
    /** Minimum interval of log lines when the state changes all the time. */
    private static final Duration QUIET_FOR = Duration.ofSeconds(5);
    /** Size of a small block file. */
    private static final int PROBE_BYTES = BlockFormat.FRAME_ON_DISK;

    private static final Logger LOG = LoggerFactory.getLogger(Disk.class);

    private final Layout layout;
    private final Ballast ballast;
    private final DiskSpace space;
    private final LongSupplier nanoTime;
    private final AtomicLong probes = new AtomicLong();
    private final long openedNanos;
    private volatile @Nullable Failure lastFailure;
    /** Start of the check that is running now. */
    private volatile @Nullable Long checkingSince;
    private long probedAt;
    private DiskState logged = DiskState.GOOD;
    private long loggedAt;
    private long refusedAt;

    /**
     * The last failure.
     *
     * @param ofDatabase whether only a write to the database can show recovery
     */
    private record Failure(DiskState state, Exception cause, long sinceNanos, boolean ofDatabase) {}

    /** An action that uses the disk. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    public Disk(Layout layout, long reserveBytes, LongSupplier nanoTime) throws IOException {
        this(layout, reserveBytes, nanoTime, FreeSpace.of(layout.root()));
    }

    public Disk(Layout layout, long reserveBytes, LongSupplier nanoTime, FreeSpace free) throws IOException {
        this.layout = layout;
        this.nanoTime = nanoTime;
        ballast = new Ballast(layout, reserveBytes);
        space = new DiskSpace(free, reserveBytes, ballast);
        openedNanos = nanoTime.getAsLong();
        probedAt = openedNanos;
        loggedAt = openedNanos - REMIND_EVERY.toNanos();
        refusedAt = loggedAt;
        space.usableBytes();
    }

    public DiskSpace space() {
        return space;
    }

    /** Runs {@code work} and translates its failure into a {@link StorageException}. */
    public <T> T run(Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** As {@link #run}, but releases ballast while the disk is full. The work may run several times. */
    public <T> T runWithBallast(Work<T> work) {
        while (true) {
            try {
                return run(work);
            } catch (DiskFullException e) {
                if (!madeRoomAfter(e)) {
                    throw e;
                }
            }
        }
    }

    /** Space for new files in bytes: at least 0. */
    public long usableBytes() {
        return run(space::usableBytes);
    }

    /** Whether there is space for repair: records and index entries of other nodes. */
    public boolean hasRoomForRepair() {
        return run(() -> space.usableBytes(Use.REPAIR)) >= DiskSpace.SMALLEST_FILE_BYTES;
    }

    public DiskState state() {
        Long since = checkingSince;
        if (since != null && nanoTime.getAsLong() - since > STUCK_AFTER.toNanos()) {
            return DiskState.failing("it has not responded for more than " + STUCK_AFTER.toSeconds() + " s");
        }
        Failure known = lastFailure;
        if (known != null) {
            return known.state();
        }
        return space.lastUsableBytes() < DiskSpace.SMALLEST_FILE_BYTES ? DiskState.FULL : DiskState.GOOD;
    }

    /** Records a failure in the state of the disk and translates it for the caller. */
    public StorageException failed(Exception e) {
        return switch (e) {
            case StorageException known -> known;
            case ClosedChannelException interrupted -> new StoreFailedException("the request was interrupted", e);
            case IOException io -> report(io, false);
            case SQLException sql when DiskErrors.isOfTheDisk(sql) -> report(sql, true);
            default -> refused(e);
        };
    }

    private synchronized StorageException refused(Exception e) {
        long now = nanoTime.getAsLong();
        if (now - refusedAt >= REMIND_EVERY.toNanos()) {
            refusedAt = now;
            LOG.warn("The database refused a statement", e);
        }
        return new StoreFailedException("the database of this node refused the request. Look at this node's log", e);
    }

    private StorageException report(Exception e, boolean ofDatabase) {
        Exception why = DiskErrors.isUnexplained(e) ? explained(e) : e;
        boolean full = DiskErrors.isNoRoom(why) || isAsGoodAsFull();
        DiskState state = full ? DiskState.FULL : DiskErrors.isReadOnly(why) ? DiskState.READ_ONLY
                : DiskState.failing(DiskErrors.words(why));
        lastFailure = new Failure(state, e, nanoTime.getAsLong(), ofDatabase);
        log();
        return full ? new DiskFullException(e) : new StoreFailedException(state.detail(), e);
    }

    /** SQLite reports only that a write failed. A test write at the size of SQLite's own files may show why. */
    private Exception explained(Exception e) {
        try {
            Path database = layout.database();
            Path log = database.resolveSibling(database.getFileName() + "-wal");
            probe(Math.max(sizeOf(database), sizeOf(log)));
            return e;
        } catch (IOException why) {
            why.addSuppressed(e);
            return why;
        }
    }

    private static long sizeOf(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private boolean isAsGoodAsFull() {
        try {
            return space.isAsGoodAsFull();
        } catch (IOException e) {
            LOG.debug("The free space of the disk is unknown", e);
            return false;
        }
    }

    /** Whether a retry after {@code failure} makes sense, because ballast was released. */
    public boolean madeRoomAfter(StorageException failure) {
        try {
            return failure instanceof DiskFullException && ballast.release();
        } catch (IOException e) {
            LOG.debug("The ballast cannot be released", e);
            return false;
        }
    }

    /**
     * Checks the disk.
     *
     * @param writeToDatabase a small write, tried when the last write to the database failed
     */
    public void check(Runnable writeToDatabase) {
        long now = nanoTime.getAsLong();
        Failure before = lastFailure;
        checkingSince = now;
        try {
            space.usableBytes();
            if (before != null || now - probedAt >= PROBE_EVERY.toNanos()) {
                probedAt = now;
                probe(0);
                requireDirectories();
                if (before != null && before.ofDatabase()) {
                    writeToDatabase.run();
                }
                forget(before, now);
            }
            if (!ballast.isWhole() && space.isReserveFree()) {
                ballast.restore();
            }
        } catch (IOException e) {
            throw failed(e);
        } finally {
            checkingSince = null;
            log();
        }
    }

    /** Clears the failure, unless a new one happened meanwhile. */
    private synchronized void forget(@Nullable Failure before, long now) {
        boolean full = before != null && before.state().equals(DiskState.FULL);
        boolean over = before != null && (full || now - before.sinceNanos() >= FAILING_FOR.toNanos());
        if (over && lastFailure == before) {
            lastFailure = null;
        }
    }

    /** Writes a few bytes at {@code position} of a temporary file, and deletes the file. */
    private void probe(long position) throws IOException {
        Path file = layout.temporary().resolve("probe-" + probes.incrementAndGet());
        try (FileChannel out = OwnerOnly.create(file)) {
            ByteBuffer bytes = ByteBuffer.allocate(PROBE_BYTES);
            while (bytes.hasRemaining()) {
                out.write(bytes, position + bytes.position());
            }
            out.force(true);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** SQLite continues to write to a deleted file, and nobody would notice before the next start. */
    private void requireDirectories() throws IOException {
        if (!Files.exists(layout.database())) {
            throw new NoSuchFileException(layout.database().toString());
        }
        for (Path directory : List.of(layout.root(), layout.data(), layout.blocks(), layout.quarantine())) {
            if (!Files.isWritable(directory)) {
                throw new AccessDeniedException(directory.toString(), null, "a directory is not writable");
            }
        }
    }

    private synchronized void log() {
        DiskState now = state();
        long sinceNanos = nanoTime.getAsLong() - loggedAt;
        boolean news = !now.equals(logged) && sinceNanos >= QUIET_FOR.toNanos();
        boolean reminder = !now.isGood() && sinceNanos >= REMIND_EVERY.toNanos();
        if (!news && !reminder) {
            return;
        }
        Failure known = lastFailure;
        if (now.isGood()) {
            LOG.info("The disk of {} works and has room again", layout.root());
        } else if (known == null || !now.equals(known.state())) {
            LOG.warn("The disk of {}: {}", layout.root(), now.detail());
        } else {
            LOG.warn("The disk of {}: {} The last failure: {}", layout.root(), now.detail(), known.cause().toString());
        }
        logged = now;
        loggedAt = nanoTime.getAsLong();
    }
}
