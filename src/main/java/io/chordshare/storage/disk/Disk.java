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
 * The disk under a node's directory: its room, and whether it works. Whatever fails in this package is reported here,
 * and comes back as one of the storage's own exceptions, in words without a path. A look at the disk now and then finds
 * out what nobody used, and that the trouble is over. Says in the log what it finds, at most a few lines a minute.
 * Thread-safe.
 */
public final class Disk {

    /** A write and a sync to find out whether the disk works while nobody else writes. */
    private static final Duration PROBE_EVERY = Duration.ofSeconds(10);
    /** A disk of which only a part fails is not called good between one failure and the next. */
    private static final Duration FAILING_FOR = Duration.ofSeconds(10);
    /** A look that takes longer hangs. */
    private static final Duration STUCK_AFTER = Duration.ofSeconds(20);
    /** The log is reminded of a trouble that stays. */
    private static final Duration REMIND_EVERY = Duration.ofMinutes(1);
    /** A trouble that comes and goes all the time is not logged each time. */
    private static final Duration QUIET_FOR = Duration.ofSeconds(5);
    /** A small file, as it lies on disk. */
    private static final int PROBE_BYTES = BlockFormat.FRAME_ON_DISK;

    private static final Logger LOG = LoggerFactory.getLogger(Disk.class);

    private final Layout layout;
    private final Ballast ballast;
    private final DiskSpace space;
    private final LongSupplier nanoTime;
    private final AtomicLong probes = new AtomicLong();
    private final long openedNanos;
    private volatile @Nullable Trouble trouble;
    /** When the look that is under way began. */
    private volatile @Nullable Long lookingSince;
    private long probedAt;
    private DiskState logged = DiskState.GOOD;
    private long loggedAt;
    private long refusedAt;

    /**
     * What failed last.
     *
     * @param ofDatabase only a write to the database can tell that it is over
     */
    private record Trouble(DiskState state, Exception cause, long sinceNanos, boolean ofDatabase) {}

    /** Something that uses the disk. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    public Disk(Layout layout, long reserveBytes, LongSupplier nanoTime) throws IOException {
        this.layout = layout;
        this.nanoTime = nanoTime;
        ballast = new Ballast(layout, reserveBytes);
        space = new DiskSpace(layout, reserveBytes, ballast);
        openedNanos = nanoTime.getAsLong();
        probedAt = openedNanos;
        loggedAt = openedNanos - REMIND_EVERY.toNanos();
        refusedAt = loggedAt;
        space.usableBytes();
    }

    public DiskSpace space() {
        return space;
    }

    /** Runs {@code work}; its failure is one of the storage's own. */
    public <T> T doing(Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** As {@link #doing}; without room the ballast is given up, as far as needed. The work may run several times. */
    public <T> T doingWithBallast(Work<T> work) {
        while (true) {
            try {
                return doing(work);
            } catch (DiskFullException e) {
                if (!madeRoomAfter(e)) {
                    throw e;
                }
            }
        }
    }

    /** Room for new files, at least 0. */
    public long usableBytes() {
        return doing(space::usableBytes);
    }

    /** Whether there is room for what keeps this node in step with the others. */
    public boolean hasRoomForRepair() {
        return doing(() -> space.usableBytes(Use.REPAIR)) >= DiskSpace.SMALLEST_FILE_BYTES;
    }

    public DiskState state() {
        Long since = lookingSince;
        if (since != null && nanoTime.getAsLong() - since > STUCK_AFTER.toNanos()) {
            return DiskState.failing("it has not answered for more than " + STUCK_AFTER.toSeconds() + " s");
        }
        Trouble known = trouble;
        if (known != null) {
            return known.state();
        }
        return space.lastUsableBytes() < DiskSpace.SMALLEST_FILE_BYTES ? DiskState.FULL : DiskState.GOOD;
    }

    /** What a failure means for those who asked, and for the state of the disk. */
    public StorageException failed(Exception e) {
        return switch (e) {
            case StorageException known -> known;
            case ClosedChannelException interrupted -> new StoreFailedException("the work was interrupted", e);
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
        return new StoreFailedException("the database of this node refused the work. Look at this node's log", e);
    }

    private StorageException report(Exception e, boolean ofDatabase) {
        Exception why = DiskErrors.isUnexplained(e) ? explained(e) : e;
        boolean full = DiskErrors.isNoRoom(why) || isAsGoodAsFull();
        DiskState state = full ? DiskState.FULL : DiskErrors.isReadOnly(why) ? DiskState.READ_ONLY
                : DiskState.failing(DiskErrors.words(why));
        trouble = new Trouble(state, e, nanoTime.getAsLong(), ofDatabase);
        log();
        return full ? new DiskFullException(e) : new StoreFailedException(state.detail(), e);
    }

    /** SQLite says only that it could not write: a file that grows as its own do may say why. */
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
            LOG.debug("The disk does not say how much is free", e);
            return false;
        }
    }

    /** After {@code failure}: whether it makes sense to try once more, because the ballast was given up. */
    public boolean madeRoomAfter(StorageException failure) {
        try {
            return failure instanceof DiskFullException && ballast.release();
        } catch (IOException e) {
            LOG.debug("The ballast cannot be given up", e);
            return false;
        }
    }

    /**
     * Looks at the disk.
     *
     * @param writeToDatabase a small write, tried when the last one failed
     */
    public void look(Runnable writeToDatabase) {
        long now = nanoTime.getAsLong();
        Trouble before = trouble;
        lookingSince = now;
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
            lookingSince = null;
            log();
        }
    }

    /** Unless something failed meanwhile. */
    private synchronized void forget(@Nullable Trouble before, long now) {
        boolean full = before != null && before.state().equals(DiskState.FULL);
        boolean over = before != null && (full || now - before.sinceNanos() >= FAILING_FOR.toNanos());
        if (over && trouble == before) {
            trouble = null;
        }
    }

    /** Writes a little at {@code position} of a file of its own, and takes it away again. */
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

    /** SQLite goes on writing to a file that somebody has deleted, and nobody would notice until the next start. */
    private void requireDirectories() throws IOException {
        if (!Files.exists(layout.database())) {
            throw new NoSuchFileException(layout.database().toString());
        }
        for (Path directory : List.of(layout.root(), layout.data(), layout.blocks(), layout.quarantine())) {
            if (!Files.isWritable(directory)) {
                throw new AccessDeniedException(directory.toString(), null, "a directory cannot be written");
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
        Trouble known = trouble;
        if (now.isGood()) {
            LOG.info("The disk of {} works again and has room", layout.root());
        } else if (known == null || !now.equals(known.state())) {
            LOG.warn("The disk of {}: {}", layout.root(), now.detail());
        } else {
            LOG.warn("The disk of {}: {} The last failure: {}", layout.root(), now.detail(), known.cause().toString());
        }
        logged = now;
        loggedAt = nanoTime.getAsLong();
    }
}
