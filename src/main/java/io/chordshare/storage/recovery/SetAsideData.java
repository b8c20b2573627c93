package io.chordshare.storage.recovery;

import io.chordshare.storage.blocks.BlockFiles;
import io.chordshare.storage.db.Database;
import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.disk.DurableFiles;
import io.chordshare.storage.disk.Layout;
import io.chordshare.storage.disk.NumberedDirectories;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.records.BlockReferences;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The data that was set aside when this node left a ring. It is not served, and deleted once nobody can need it. */
public final class SetAsideData {

    private static final Logger LOG = LoggerFactory.getLogger(SetAsideData.class);

    private final Layout layout;
    private final BlockFiles files;
    private final Database database;

    public SetAsideData(Layout layout, BlockFiles files, Database database) {
        this.layout = layout;
        this.files = files;
        this.database = database;
    }

    public boolean any() throws IOException {
        return !NumberedDirectories.in(layout.aside()).isEmpty();
    }

    /**
     * Moves all data aside in one step. The database must be closed.
     *
     * @param handedOver whether the other nodes have confirmed that they hold every complete file of this node
     */
    public void add(boolean handedOver) throws IOException {
        if (handedOver) {
            DurableFiles.replace(layout.handedOver(), ("Handed over to the other nodes of the ring by "
                    + now() + "\n").getBytes(StandardCharsets.UTF_8), layout.temporary().resolve("handed-over"));
        }
        DurableFiles.move(layout.data(), NumberedDirectories.next(layout.aside()));
        DurableFiles.syncDirectory(layout.aside());
        DurableFiles.syncDirectory(layout.root());
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Deletes the data that the other nodes have confirmed. Unconfirmed blocks move back to this node's blocks. */
    public void deleteHandedOver() throws IOException, SQLException {
        for (Path aside : NumberedDirectories.in(layout.aside())) {
            Layout there = new Layout(layout.root(), aside);
            if (Files.exists(there.handedOver())) {
                takeBackUnconfirmed(there);
                DurableFiles.deleteTree(aside);
            } else {
                LOG.warn("{} holds data of this node from a leave without hand-off. It is kept until somebody deletes"
                        + " it", aside);
            }
        }
        DurableFiles.syncDirectory(layout.aside());
    }

    private void takeBackUnconfirmed(Layout there) throws IOException, SQLException {
        BlockFiles old = new BlockFiles(there);
        try (SqlSession session = SqlSession.open(there.database(), true)) {
            for (Path leaf : old.leaves()) {
                for (Sha256 block : old.in(leaf)) {
                    if (!isConfirmed(session, old, block)) {
                        takeBack(old.path(block), block);
                    }
                }
            }
        }
        for (Sha256 block : old.quarantined()) {
            Path here = layout.quarantine().resolve(block.toString());
            if (!Files.exists(here)) {
                DurableFiles.move(there.quarantine().resolve(block.toString()), here);
            }
        }
        DurableFiles.syncDirectory(layout.quarantine());
    }

    /**
     * Whether the other nodes have confirmed the block. An incomplete file is not handed off, so its blocks are
     * unconfirmed.
     */
    private static boolean isConfirmed(SqlSession session, BlockFiles old, Sha256 block) throws SQLException {
        return session.exists("""
                SELECT 1 FROM block_ref JOIN record ON record.key = block_ref.key
                WHERE block_ref.hash = ? AND record.complete = 1""", block)
                || (!BlockReferences.isNamed(session, block) && (old.isArriving(block)
                        || session.exists("SELECT 1 FROM freeable WHERE hash = ?", block)));
    }

    private void takeBack(Path from, Sha256 block) throws IOException {
        ReentrantLock lock = files.lockOf(block);
        lock.lock();
        try {
            if (files.has(block)) {
                return;
            }
            files.keep(from, block);
        } finally {
            lock.unlock();
        }
        files.sync(block);
        long bytes = files.bytesOnDisk(block);
        database.write(session -> OrphanTable.add(session, block, bytes, now()));
    }
}
