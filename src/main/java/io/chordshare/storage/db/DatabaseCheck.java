package io.chordshare.storage.db;

import io.chordshare.storage.disk.DurableFiles;
import io.chordshare.storage.disk.Layout;
import io.chordshare.storage.disk.NumberedDirectories;
import io.chordshare.storage.error.StoreNotOpenedException;
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
 * Checks the database before it is used. A node that has stored files never silently continues with an empty or damaged
 * database. A person must restore the database, or allow the node to continue without it.
 */
public final class DatabaseCheck {

    /** A database up to this size is read completely at each start, which takes about a second from a slow disk. */
    private static final long CHECKED_WHOLE_BYTES = 128L * 1024 * 1024;
    /** Of a larger database only these small tables are checked: they decide which blocks are deleted. */
    private static final List<String> DECIDING = List.of("meta", "block_ref", "expanded", "freeable");
    private static final int HEADER_BYTES = 100;
    private static final int PAGE_SIZE_AT = 16;
    private static final int PAGES_AT = 28;
    /** The header's code for pages of 64 KiB, which do not fit in two bytes. */
    private static final int LARGEST_PAGE_CODE = 1;
    private static final int LARGEST_PAGE_BYTES = 65_536;
    private static final int PRIMARY_CODE = 0xff;

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseCheck.class);

    private final Layout layout;

    public DatabaseCheck(Layout layout) {
        this.layout = layout;
    }

    /** @throws StoreNotOpenedException when this node must not continue with this database */
    public void run() throws IOException, SQLException {
        Optional<String> damage = damage();
        boolean agreed = Files.exists(layout.goOnWithoutRecords());
        if (damage.isEmpty()) {
            if (agreed) {
                LOG.warn("This node keeps its records, because its database is intact. {} is deleted",
                        layout.goOnWithoutRecords());
            }
        } else if (agreed) {
            LOG.warn("{} This node continues without its records because {} exists. That file is deleted now",
                    damage.get(), layout.goOnWithoutRecords());
            setDatabaseAside();
        } else {
            throw new StoreNotOpenedException(damage.get()
                    + " This node does not start, because it would have no files.",
                    "Restore the database from a backup or from where it was moved to. Or continue without it: create"
                            + " the empty file " + layout.goOnWithoutRecords() + " and start the node again. The node"
                            + " then fetches the records of its files from the other nodes of its ring. No block is"
                            + " deleted. Blocks that a fetched record names become copies again; the others are listed"
                            + " in " + layout.orphans() + ". Small files are stored inside their records, so they come"
                            + " back only from the other nodes.");
        }
        // Last: after an earlier crash the whole check runs again
        Files.deleteIfExists(layout.goOnWithoutRecords());
    }

    private Optional<String> damage() throws IOException, SQLException {
        Path file = layout.database();
        if (!Files.exists(file) || Files.size(file) == 0) {
            return wasUsed() ? Optional.of("The database " + file + " is " + (Files.exists(file) ? "empty" : "missing")
                    + ", although this node has stored files.") : Optional.empty();
        }
        return corruption().map(reason -> "The database " + file + " is damaged: " + reason + ".");
    }

    /** Whether this node has stored anything. The session file is written once the database exists. */
    private boolean wasUsed() throws IOException {
        if (Files.exists(layout.session())) {
            return true;
        }
        try (Stream<Path> blocks = Files.walk(layout.blocks())) {
            return blocks.anyMatch(Files::isRegularFile);
        }
    }

    private Optional<String> corruption() throws IOException, SQLException {
        boolean cutShort = isShorterThanItSays();
        try (SqlSession session = SqlSession.open(layout.database(), true)) {
            List<String> tables = session.list("SELECT name FROM sqlite_master WHERE type = 'table'",
                    row -> row.getString(1));
            if (!tables.contains("record")) {
                // A crash during the very first start, before anything was stored
                return wasUsed() ? Optional.of("it has no tables") : Optional.empty();
            }
            if (cutShort || Files.size(layout.database()) <= CHECKED_WHOLE_BYTES) {
                return check(session, "PRAGMA quick_check(1)");
            }
            for (String table : DECIDING) {
                Optional<String> found = check(session, "PRAGMA quick_check('" + table + "')");
                if (found.isPresent()) {
                    return found;
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

    /**
     * Whether the file is shorter than its header says. This also happens after a crash during a checkpoint; SQLite
     * then finds the rest in its log.
     */
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

    /** Moves the database away together with its log. Otherwise SQLite would apply the old log to the new database. */
    private void setDatabaseAside() throws IOException {
        DurableFiles.createDirectory(layout.replaced());
        Path target = NumberedDirectories.next(layout.replaced());
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
        // the session file stays: it shows that the node used another database before
    }
}
