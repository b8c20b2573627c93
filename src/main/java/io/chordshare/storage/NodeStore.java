package io.chordshare.storage;

import io.chordshare.storage.blocks.BlockCollector;
import io.chordshare.storage.blocks.BlockFiles;
import io.chordshare.storage.blocks.BlockStore;
import io.chordshare.storage.blocks.Pins;
import io.chordshare.storage.db.Database;
import io.chordshare.storage.db.DatabaseCheck;
import io.chordshare.storage.disk.DirectoryLock;
import io.chordshare.storage.disk.Disk;
import io.chordshare.storage.disk.DiskState;
import io.chordshare.storage.disk.DurableFiles;
import io.chordshare.storage.disk.Facts;
import io.chordshare.storage.disk.Layout;
import io.chordshare.storage.disk.NativeLibrary;
import io.chordshare.storage.disk.OwnerOnly;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.error.StoreFailedException;
import io.chordshare.storage.error.StoreInUseException;
import io.chordshare.storage.error.StoreNotOpenedException;
import io.chordshare.storage.model.Orphans;
import io.chordshare.storage.records.BlockReferences;
import io.chordshare.storage.records.FileIndex;
import io.chordshare.storage.records.RecordStore;
import io.chordshare.storage.records.StoredRules;
import io.chordshare.storage.recovery.Asides;
import io.chordshare.storage.recovery.Continuity;
import io.chordshare.storage.recovery.OrphanReport;
import io.chordshare.storage.recovery.OrphanTable;
import io.chordshare.storage.recovery.StoreSweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's data directory: blocks, records, the index of names, and a few facts about the node itself. One process at
 * a time. Whatever a method has done is on disk when it returns (but see {@link #putFact}), and a directory whose node
 * was killed at any instant opens again, on a full disk, too. Thread-safe; all methods throw
 * {@link StoreFailedException} when the disk fails.
 */
public final class NodeStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStore.class);

    /** A copy of the database that is older than this is told from it when somebody puts it back after a crash. */
    private static final Duration SESSION_RENEWED_EVERY = Duration.ofMinutes(10);

    private final Layout layout;
    private final DirectoryLock lock;
    private final LongSupplier nanoTime;
    private final Disk disk;
    private final Facts facts;
    private final BlockFiles files;
    private final Pins pins;
    private final BlockCollector freeing;
    private final Database database;
    private final BlockStore blocks;
    private final RecordStore records;
    private final FileIndex index;
    private final Continuity continuity;
    private final Asides asides;
    /** When the session was renewed, and how many changes there were then. Only the one who frees uses them. */
    private long sessionNanos;
    private long sessionChanges;

    private NodeStore(Layout layout, DirectoryLock lock, long reserveBytes, Duration keepReplaced,
            LongSupplier nanoTime)
            throws IOException, SQLException {
        this.layout = layout;
        this.lock = lock;
        this.nanoTime = nanoTime;
        sessionNanos = nanoTime.getAsLong();
        StoreSweep.temporaries(layout);
        StoreSweep.createDirectories(layout);
        disk = new Disk(layout, reserveBytes, nanoTime);
        NativeLibrary.load(layout);
        new DatabaseCheck(layout).run();
        facts = Facts.load(layout, disk);
        files = new BlockFiles(layout);
        pins = new Pins(nanoTime);
        LongSupplier millis = () -> TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
        freeing = new BlockCollector(files, pins, () -> dueUpTo(millis.getAsLong(), keepReplaced), disk);
        database = new Database(layout.database(), freeing, disk);
        StoredRules.enforce(database, Instant.now());
        BlockReferences references = new BlockReferences(files, disk, millis);
        records = new RecordStore(database, references, disk.space());
        blocks = new BlockStore(files, disk, pins, freeing, references, database, records::changed);
        index = new FileIndex(database, disk.space());
        continuity = new Continuity(layout, database);
        asides = new Asides(layout, files, database);
    }

    /**
     * Opens the directory, or makes a new one. Clears away what a crash left: temporary files, and blocks of uploads
     * that were cut off. Blocks that no record names stay, and are listed (which takes a look at each block, some
     * seconds for a million).
     *
     * @param reserveBytes room on the disk that new data leaves free
     * @throws StoreInUseException     when another store has the directory open, here or in another process
     * @throws StoreNotOpenedException when it was written by a newer version, cannot be read or written, or its
     *                                 database is damaged or gone
     * @throws StoreFailedException    when the disk fails
     */
    public static NodeStore open(Path directory, long reserveBytes) {
        return open(directory, reserveBytes, Duration.ZERO);
    }

    /**
     * As {@link #open(Path, long)}.
     *
     * @param keepReplaced how long the bytes of replaced and deleted files stay for clients that are reading them, room
     *                     permitting
     */
    public static NodeStore open(Path directory, long reserveBytes, Duration keepReplaced) {
        return open(directory, reserveBytes, keepReplaced, System::nanoTime);
    }

    public static NodeStore open(Path directory, long reserveBytes, LongSupplier nanoTime) {
        return open(directory, reserveBytes, Duration.ZERO, nanoTime);
    }

    private static NodeStore open(Path directory, long reserveBytes, Duration keepReplaced, LongSupplier nanoTime) {
        Layout layout = new Layout(directory.toAbsolutePath());
        try {
            OwnerOnly.createDirectories(layout.root());
            closeToOthers(layout);
            DirectoryLock lock = DirectoryLock.acquire(layout);
            try {
                NodeStore store = new NodeStore(layout, lock, reserveBytes, keepReplaced, nanoTime);
                store.sweep();
                return store;
            } catch (IOException | SQLException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException | SQLException e) {
            throw StoreNotOpenedException.of(layout.root(), e);
        }
    }

    /** Only what is a node's directory, or may become one: somebody may have given one that holds other things, too. */
    private static void closeToOthers(Layout layout) throws IOException {
        try (Stream<Path> inside = Files.list(layout.root())) {
            if (inside.findAny().isEmpty() || Files.exists(layout.format())) {
                OwnerOnly.closeDirectory(layout.root());
            }
        }
    }

    /** Without room for new data whatever can go goes at once. */
    private long dueUpTo(long now, Duration keepReplaced) {
        return keepReplaced.isZero() || disk.usableBytes() == 0 ? Long.MAX_VALUE : now - keepReplaced.toMillis();
    }

    /** Frees what has come due. To be called again and again. */
    public void freeReplaced() {
        database.write(session -> true);
        long now = nanoTime.getAsLong();
        long changes = records.changes();
        if (now - sessionNanos >= SESSION_RENEWED_EVERY.toNanos() && changes != sessionChanges) {
            sessionNanos = now;
            sessionChanges = changes;
            renewSession();
        }
    }

    private void sweep() throws IOException, SQLException {
        try {
            new StoreSweep(files, freeing, database).run(continuity.holds());
            new OrphanReport(layout, files, database).write();
            renewSession();
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** On a disk that takes nothing the session before goes on. */
    private void renewSession() {
        try {
            continuity.renew();
        } catch (IOException | StorageException e) {
            LOG.debug("The session of the database is not renewed", e);
        }
    }

    /** Blocks on this disk that no record names, although nobody said that they are not needed. */
    public Orphans orphans() {
        return database.read(OrphanTable::totals);
    }

    public BlockStore blocks() {
        return blocks;
    }

    public RecordStore records() {
        return records;
    }

    public FileIndex index() {
        return index;
    }

    /**
     * A directory of the node's web servers, which keep nothing in it. Made once, so that a full disk is no hindrance.
     */
    public Path webDirectory(String name) {
        return disk.doingWithBallast(() -> {
            Path directory = layout.web().resolve(name);
            DurableFiles.createDirectory(directory);
            return directory;
        });
    }

    /** A small fact about the node itself, such as its id. */
    public Optional<String> fact(String name) {
        return facts.get(name);
    }

    /**
     * Keeps a fact; it stays through {@link #setAside}. When the disk takes nothing at the moment it holds in memory,
     * and is written as soon as it can be: a node goes on without, and a crash meanwhile brings back what was written
     * last.
     *
     * @throws IllegalArgumentException when all facts together would take more than 1 MiB
     */
    public void putFact(String name, String value) {
        facts.put(name, value);
    }

    /**
     * Looks whether the disk works and has room, and catches up with what could not be written. Takes a sync at times.
     */
    public void checkDisk() {
        try {
            disk.look(database::rewriteSomething);
            facts.catchUp();
        } catch (StorageException e) {
            // it is in the state of the disk now, and in the log
            LOG.debug("The disk fails", e);
        }
    }

    /** What the last look at the disk, and the last failure, said. */
    public DiskState disk() {
        return disk.state();
    }

    /** Whether there is room for records and index lines of peers, for which new files leave some. */
    public boolean hasRoomForRepair() {
        return disk.hasRoomForRepair();
    }

    /**
     * After a leave: what was kept so far is moved aside in one step and not served any more; the store goes on empty.
     * Beside what was set aside before, not in its place.
     *
     * @param handedOver whether the other nodes have said that they hold every file that is whole here
     */
    public void setAside(boolean handedOver) {
        database.offline(() -> {
            files.lockAll();
            try {
                asides.add(handedOver);
            } finally {
                // Also after a failure: what is there is there, and what is not is made
                StoreSweep.createDirectories(layout);
                files.forgetDirectories();
                pins.clear();
                freeing.reset();
                files.unlockAll();
            }
        });
        records.replaced();
        renewSession();
    }

    /** Whether something is set aside. */
    public boolean hasSetAside() {
        return disk.doing(asides::any);
    }

    /**
     * Deletes what was set aside and handed over, for good. Blocks that the other nodes were not asked about, because
     * no whole file here has them, are taken back; what was set aside without being handed over stays.
     */
    public void deleteSetAside() {
        try {
            asides.deleteHandedOver();
        } catch (IOException | SQLException e) {
            throw disk.failed(e);
        }
    }

    /** Room for new data: what is free on the disk less the reserve, at least 0. */
    public long usableBytes() {
        return disk.usableBytes();
    }

    /** Writes what waits, then gives the directory back. Later calls fail. */
    @Override
    public void close() {
        try (lock) {
            renewSession();
            database.close();
        } catch (IOException | SQLException e) {
            throw disk.failed(e);
        }
    }
}
