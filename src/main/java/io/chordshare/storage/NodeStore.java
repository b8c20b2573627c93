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
import io.chordshare.storage.records.SlotRecords;
import io.chordshare.storage.records.SlotStates;
import io.chordshare.storage.records.StoredRules;
import io.chordshare.storage.recovery.OrphanReport;
import io.chordshare.storage.recovery.OrphanTable;
import io.chordshare.storage.recovery.SessionRenewal;
import io.chordshare.storage.recovery.SessionToken;
import io.chordshare.storage.recovery.SetAsideData;
import io.chordshare.storage.recovery.StoreSweep;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's data directory: blocks, records, the index of names, and facts about the node itself. One process at a
 * time. When a method returns, its changes are on disk (except {@link #putFact}). A node that was killed at any instant
 * can open its directory again, even on a full disk. Thread-safe; all methods throw {@link StoreFailedException} when
 * the disk fails.
 */
public final class NodeStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeStore.class);

    private final Layout layout;
    private final DirectoryLock lock;
    private final Disk disk;
    private final Facts facts;
    private final BlockFiles files;
    private final Pins pins;
    private final BlockCollector collector;
    private final Database database;
    private final BlockStore blocks;
    private final RecordStore records;
    private final SlotRecords slots;
    private final SlotStates slotStates;
    private final FileIndex index;
    private final SessionToken token;
    private final SessionRenewal session;
    private final SetAsideData setAside;

    private NodeStore(Layout layout, DirectoryLock lock, long reserveBytes, Duration keepReplaced, StoreHost host)
            throws IOException, SQLException {
        this.layout = layout;
        this.lock = lock;
        LongSupplier nanoTime = host.nanoTime();
        StoreSweep.temporaries(layout);
        StoreSweep.createDirectories(layout);
        disk = new Disk(layout, reserveBytes, nanoTime, host.freeSpace().of(layout.root()));
        NativeLibrary.load(layout);
        new DatabaseCheck(layout).run();
        facts = Facts.load(layout, disk);
        files = new BlockFiles(layout);
        pins = new Pins(nanoTime);
        LongSupplier millis = () -> TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
        collector = new BlockCollector(files, pins, () -> dueUpTo(millis.getAsLong(), keepReplaced), disk);
        database = new Database(layout.database(), collector, disk, host.writers(), host.ids());
        StoredRules.enforce(database, host.wallClock().get());
        BlockReferences references = new BlockReferences(files, disk, millis);
        records = new RecordStore(database);
        slots = new SlotRecords(database, references, disk.space(), records::changed);
        slotStates = new SlotStates(database, references, records::changed);
        blocks = new BlockStore(files, disk, pins, collector, references, database, this::bytesLost);
        index = new FileIndex(database, disk.space());
        token = new SessionToken(layout, database);
        session = new SessionRenewal(token, records::changes, nanoTime);
        setAside = new SetAsideData(layout, files, database);
    }

    /**
     * Opens the directory, or creates it. Deletes what a crash left: temporary files, and blocks of uploads that were
     * cut off. Blocks that no record names are kept and listed. This checks each block, which takes some seconds per
     * million blocks.
     *
     * @param reserveBytes space on the disk that new data leaves free
     * @throws StoreInUseException when another store has the directory open, here or in another process
     * @throws StoreNotOpenedException when a newer version wrote it, when it cannot be read or written, or when its
     *                                 database is damaged or missing
     * @throws StoreFailedException when the disk fails
     */
    public static NodeStore open(Path directory, long reserveBytes) {
        return open(directory, reserveBytes, Duration.ZERO);
    }

    /**
     * As {@link #open(Path, long)}.
     *
     * @param keepReplaced how long the bytes of replaced and deleted files are kept for clients that still read them;
     *                     less when the disk is full
     */
    public static NodeStore open(Path directory, long reserveBytes, Duration keepReplaced) {
        return open(directory, reserveBytes, keepReplaced, StoreHost.real());
    }

    public static NodeStore open(Path directory, long reserveBytes, LongSupplier nanoTime) {
        return open(directory, reserveBytes, Duration.ZERO, StoreHost.real().withNanoTime(nanoTime));
    }

    /** As {@link #open(Path, long, Duration)}, in other surroundings. */
    public static NodeStore open(Path directory, long reserveBytes, Duration keepReplaced, StoreHost host) {
        Layout layout = new Layout(directory.toAbsolutePath());
        try {
            OwnerOnly.createDirectories(layout.root());
            OwnerOnly.closeNodeDirectory(layout);
            DirectoryLock lock = DirectoryLock.acquire(layout);
            try {
                NodeStore store = new NodeStore(layout, lock, reserveBytes, keepReplaced, host);
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

    private void bytesLost() {
        records.changed();
        slots.bytesLost();
    }

    /** When the disk is full, frees replaced blocks immediately. */
    private long dueUpTo(long now, Duration keepReplaced) {
        return keepReplaced.isZero() || disk.usableBytes() == 0 ? Long.MAX_VALUE : now - keepReplaced.toMillis();
    }

    /** Frees the replaced blocks that are due. Call this regularly. */
    public void freeReplaced() {
        database.write(sql -> true);
        session.renewIfDue();
    }

    private void sweep() throws IOException, SQLException {
        try {
            if (token.isOfAnotherDatabase()) {
                slotStates.forget();
            }
            new StoreSweep(files, collector, database).run(token.matches());
            new OrphanReport(layout, files, database).write();
            session.renew();
        } catch (IOException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** The orphaned blocks: no record names them, but there is no reason to delete them. */
    public Orphans orphans() {
        return database.read(OrphanTable::totals);
    }

    public BlockStore blocks() {
        return blocks;
    }

    public RecordStore records() {
        return records;
    }

    public SlotRecords slots() {
        return slots;
    }

    public SlotStates slotStates() {
        return slotStates;
    }

    public FileIndex index() {
        return index;
    }

    /**
     * A directory for the node's web servers, which store nothing in it. It is created once, so a full disk does not
     * matter later.
     */
    public Path webDirectory(String name) {
        return disk.runWithBallast(() -> {
            Path directory = layout.web().resolve(name);
            DurableFiles.createDirectory(directory);
            return directory;
        });
    }

    /** A fact about the node itself, such as its id. */
    public Optional<String> fact(String name) {
        return facts.get(name);
    }

    /**
     * Stores a fact; {@link #setAside} keeps it. If the disk accepts no write, the fact is kept in memory and written
     * as soon as possible. The node continues meanwhile; after a crash it has the last written value.
     *
     * @throws IllegalArgumentException when all facts together would exceed 1 MiB
     */
    public void putFact(String name, String value) {
        facts.put(name, value);
    }

    /**
     * Checks whether the disk works and has space, and writes the facts that could not be written before. Sometimes
     * syncs the disk.
     */
    public void checkDisk() {
        try {
            disk.check(database::rewriteSomething);
            facts.catchUp();
        } catch (StorageException e) {
            // The state of the disk and the log have it already
            LOG.debug("The disk fails", e);
        }
    }

    /** The state of the disk after the last check and the last failure. */
    public DiskState disk() {
        return disk.state();
    }

    /** Whether there is space for records and index entries of other nodes. New files leave some for them. */
    public boolean hasRoomForRepair() {
        return disk.hasRoomForRepair();
    }

    /**
     * Called after a leave: moves all data aside in one step, so that it is no longer served. The store continues
     * empty. Earlier data that was set aside stays too.
     *
     * @param handedOver whether the other nodes have confirmed that they hold every complete file of this node
     */
    public void setAside(boolean handedOver) {
        database.offline(() -> {
            files.lockAll();
            try {
                setAside.add(handedOver);
            } finally {
                // Also after a failure: existing directories are kept, missing ones are created
                StoreSweep.createDirectories(layout);
                files.forgetDirectories();
                pins.clear();
                collector.reset();
                files.unlockAll();
            }
        });
        records.changed();
        session.renew();
    }

    /** Whether there is data that was set aside. */
    public boolean hasSetAside() {
        return disk.run(setAside::any);
    }

    /**
     * Deletes the data that was set aside and handed off. Blocks of incomplete files move back to this node's blocks,
     * because the other nodes did not confirm them. Data that was set aside without hand-off stays.
     */
    public void deleteSetAside() {
        try {
            setAside.deleteHandedOver();
        } catch (IOException | SQLException e) {
            throw disk.failed(e);
        }
    }

    /** Space for new data: the free space of the disk minus the reserve, at least 0. */
    public long usableBytes() {
        return disk.usableBytes();
    }

    /** Writes what is waiting, then unlocks the directory. Later calls fail. */
    @Override
    public void close() {
        try (lock) {
            session.renew();
            database.close();
        } catch (IOException | SQLException e) {
            throw disk.failed(e);
        }
    }
}
