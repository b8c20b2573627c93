package io.chordshare.storage.db;

import io.chordshare.storage.disk.DurableFiles;
import io.chordshare.storage.disk.Layout;
import io.chordshare.storage.error.StoreNotOpenedException;
import io.chordshare.storage.model.Numbered;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Looks at the database before it is used. A node that has kept files never goes on with an empty or damaged database
 * in silence: a person puts it back, or says that the node must go on without.
 */
public final class DatabaseCheck {

    /** Up to here all of it is read at each start, which takes a second or so from a slow disk. */
    private static final long CHECKED_WHOLE_BYTES = 128L * 1024 * 1024;
    /** Of a larger one, those by which it is decided that a block is not needed. They are small. */
    private static final List<String> DECIDING = List.of("meta", "block_ref", "expanded", "freeable");
    private static final int HEADER_BYTES = 100;
    private static final int PAGE_SIZE_AT = 16;
    private static final int PAGES_AT = 28;
    /** How the header writes a page of 64 KiB, which does not fit its two bytes. */
    private static final int LARGEST_PAGE_CODE = 1;
    private static final int LARGEST_PAGE_BYTES = 65_536;
    private static final int PRIMARY_CODE = 0xff;

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseCheck.class);

    private final Layout layout;

    public DatabaseCheck(Layout layout) {
        this.layout = layout;
    }

    /**
     * @throws StoreNotOpenedException when this node must not go on with the database as it is
     */
    public void run() throws IOException, SQLException {
        Optional<String> trouble = trouble();
        boolean agreed = Files.exists(layout.goOnWithoutRecords());
        if (trouble.isEmpty()) {
            if (agreed) {
                LOG.warn("The records of this node are whole, so it goes on with them, and {} is deleted",
                        layout.goOnWithoutRecords());
            }
        } else if (agreed) {
            LOG.warn("{} This node goes on without its records, as {} says, which is deleted", trouble.get(),
                    layout.goOnWithoutRecords());
            setDatabaseAside();
        } else {
            throw new StoreNotOpenedException(trouble.get()
                    + " This node does not start, because it would have no files.",
                    "Put the database back, from a backup or from where it was moved to. Or go on without it: create "
                    + "the"
                            + " empty file " + layout.goOnWithoutRecords() + " and start the node again. It then takes"
                            + " the records of its files from the other nodes of its ring. No block is deleted, and"
                            + " those that a record names become copies again; the others are listed in "
                            + layout.orphans() + ". Small files, whose bytes are in their records, come back from the"
                            + " other nodes only.");
        }
        // last: after a crash before this all of it is done once more
        Files.deleteIfExists(layout.goOnWithoutRecords());
    }

    private Optional<String> trouble() throws IOException, SQLException {
        Path file = layout.database();
        if (!Files.exists(file) || Files.size(file) == 0) {
            return wasUsed() ? Optional.of("The database " + file + " is " + (Files.exists(file) ? "empty" : "missing")
                    + ", although this node has kept files.") : Optional.empty();
        }
        return damage().map(damage -> "The database " + file + " is damaged: " + damage + ".");
    }

    /** The file of the session is written once the database is there. */
    private boolean wasUsed() throws IOException {
        if (Files.exists(layout.session())) {
            return true;
        }
        try (Stream<Path> blocks = Files.walk(layout.blocks())) {
            return blocks.anyMatch(Files::isRegularFile);
        }
    }

    private Optional<String> damage() throws IOException, SQLException {
        boolean cutShort = isShorterThanItSays();
        try (SqlSession session = SqlSession.open(layout.database(), true)) {
            List<String> tables = session.list("SELECT name FROM sqlite_master WHERE type = 'table'",
                    row -> row.getString(1));
            if (!tables.contains("record")) {
                // a crash in the middle of the very first start, before anything was kept
                return wasUsed() ? Optional.of("it has no tables") : Optional.empty();
            }
            if (cutShort || Files.size(layout.database()) <= CHECKED_WHOLE_BYTES) {
                return check(session, "PRAGMA quick_check(1)");
            }
            for (String table : DECIDING) {
                Optional<String> damage = check(session, "PRAGMA quick_check('" + table + "')");
                if (damage.isPresent()) {
                    return damage;
                }
            }
            return Optional.empty();
        } catch (SQLiteException e) {
            int code = e.getResultCode().code & PRIMARY_CODE;
            if (code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
                return Optional.of(e.getResultCode().message);
            }
            throw e;
        }
    }

    private static Optional<String> check(SqlSession session, String pragma) throws SQLException {
        return session.first(pragma, row -> row.getString(1)).filter(said -> !said.equals("ok"))
                .map(said -> said.replaceAll("\\s+", " ").strip());
    }

    /** So it is after a crash while the log was being written into it, too: then SQLite finds the rest in the log. */
    private boolean isShorterThanItSays() throws IOException {
        byte[] header = new byte[HEADER_BYTES];
        try (InputStream in = Files.newInputStream(layout.database())) {
            if (in.readNBytes(header, 0, HEADER_BYTES) < HEADER_BYTES) {
                return true;
            }
        }
        ByteBuffer fields = ByteBuffer.wrap(header);
        int code = Short.toUnsignedInt(fields.getShort(PAGE_SIZE_AT));
        long pageBytes = code == LARGEST_PAGE_CODE ? LARGEST_PAGE_BYTES : code;
        return Files.size(layout.database()) < pageBytes * Integer.toUnsignedLong(fields.getInt(PAGES_AT));
    }

    /** With its log: SQLite would take a log for one of the new database. */
    private void setDatabaseAside() throws IOException {
        DurableFiles.createDirectory(layout.replaced());
        Path target = Numbered.next(layout.replaced());
        DurableFiles.createDirectory(target);
        String name = layout.database().getFileName().toString();
        try (Stream<Path> all = Files.list(layout.data())) {
            for (Path file : all.filter(path -> path.getFileName().toString().startsWith(name)).toList()) {
                DurableFiles.move(file, target.resolve(file.getFileName()));
                LOG.warn("{} is kept as {}", file, target.resolve(file.getFileName()));
            }
        }
        DurableFiles.syncDirectory(target);
        DurableFiles.syncDirectory(layout.data());
        Files.deleteIfExists(layout.session());
    }
}
