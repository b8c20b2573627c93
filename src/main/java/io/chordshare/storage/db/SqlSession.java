package io.chordshare.storage.db;

import io.chordshare.storage.model.Sha256;
import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One connection to the database with its compiled statements. Used by one thread at a time. After a failed statement
 * the session must be replaced: the driver closes a statement when the disk fails, and SQLite may have rolled back the
 * whole transaction.
 */
public final class SqlSession implements AutoCloseable {

    /** Native memory of one connection for pages. The operating system caches the file as well. */
    private static final int CACHE_KIB = 512;
    /** There is one writer, so writers never wait for each other. This covers a checkpoint. */
    private static final int BUSY_MILLIS = 10_000;
    /** Size of the log file after a checkpoint. */
    private static final int LOG_LIMIT_BYTES = 8 * 1024 * 1024;

    /**
     * SQLite keeps the index of its log in memory, shared by all connections of this process, instead of in a mapped
     * file. So a node can open its database on a completely full disk, and a failing disk cannot kill the process with
     * SIGBUS. No other process can open the database meanwhile; the lock on the directory forbids that anyway.
     */
    private static final String INDEX_IN_MEMORY = File.separatorChar == '/' ? "&vfs=unix-excl" : "";

    /** A missing database is a failure. It must not look like a database without records. */
    private static final String NEVER_CREATED = "?mode=rw";

    private final Connection connection;
    /** Bounded by the number of different statements in this package. */
    private final Map<String, PreparedStatement> compiled = new HashMap<>();
    private boolean failed;

    private SqlSession(Connection connection) {
        this.connection = connection;
    }

    /** Reads one row. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Visits each of many rows. */
    @FunctionalInterface
    public interface Visitor {
        void visit(ResultSet row) throws SQLException;
    }

    /** Uses a compiled statement. */
    @FunctionalInterface
    private interface Use<T> {
        T with(PreparedStatement statement) throws SQLException;
    }

    public static SqlSession open(Path database, boolean readOnly) throws SQLException {
        Connection connection = DriverManager.getConnection(
                "jdbc:sqlite:" + database.toAbsolutePath().toUri() + NEVER_CREATED + INDEX_IN_MEMORY);
        try (Statement pragma = connection.createStatement()) {
            pragma.execute("PRAGMA busy_timeout=" + BUSY_MILLIS);
            pragma.execute("PRAGMA journal_mode=WAL");
            // In WAL mode FULL means: the log is on disk before a commit returns
            pragma.execute("PRAGMA synchronous=FULL");
            pragma.execute("PRAGMA cache_size=-" + CACHE_KIB);
            pragma.execute("PRAGMA journal_size_limit=" + LOG_LIMIT_BYTES);
            pragma.execute("PRAGMA temp_store=MEMORY");
            if (readOnly) {
                pragma.execute("PRAGMA query_only=ON");
            }
            return new SqlSession(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Runs a statement once, without keeping it compiled, such as a schema. */
    void script(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            failed = true;
            throw e;
        }
    }

    public int update(String sql, Object... arguments) throws SQLException {
        return run(sql, PreparedStatement::executeUpdate, arguments);
    }

    public void each(String sql, Visitor visitor, Object... arguments) throws SQLException {
        query(sql, rows -> {
            while (rows.next()) {
                visitor.visit(rows);
            }
            return true;
        }, arguments);
    }

    public <T> List<T> list(String sql, Row<T> reader, Object... arguments) throws SQLException {
        List<T> found = new ArrayList<>();
        each(sql, row -> found.add(reader.read(row)), arguments);
        return found;
    }

    public <T> Optional<T> first(String sql, Row<T> reader, Object... arguments) throws SQLException {
        return query(sql, rows -> rows.next() ? Optional.of(reader.read(rows)) : Optional.empty(), arguments);
    }

    public boolean exists(String sql, Object... arguments) throws SQLException {
        return query(sql, ResultSet::next, arguments);
    }

    /** Whether a statement failed: this session must not be used again. */
    boolean hasFailed() {
        return failed;
    }

    private <T> T query(String sql, Row<T> reader, Object[] arguments) throws SQLException {
        return run(sql, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                return reader.read(rows);
            }
        }, arguments);
    }

    private <T> T run(String sql, Use<T> use, Object[] arguments) throws SQLException {
        try {
            PreparedStatement statement = compiled.get(sql);
            if (statement == null) {
                statement = connection.prepareStatement(sql);
                compiled.put(sql, statement);
            }
            for (int i = 0; i < arguments.length; i++) {
                bind(statement, i + 1, arguments[i]);
            }
            return use.with(statement);
        } catch (SQLException e) {
            failed = true;
            throw e;
        }
    }

    private static void bind(PreparedStatement statement, int position, Object value) throws SQLException {
        switch (value) {
            case String text -> statement.setString(position, text);
            case Long number -> statement.setLong(position, number);
            case Integer number -> statement.setInt(position, number);
            case Boolean flag -> statement.setInt(position, flag ? 1 : 0);
            case Sha256 hash -> statement.setBytes(position, hash.toBytes());
            case byte[] bytes -> statement.setBytes(position, bytes);
            default -> throw new IllegalArgumentException("no SQL type for " + value.getClass());
        }
    }

    /** Closes the connection with all its statements. */
    @Override
    public void close() throws SQLException {
        compiled.clear();
        connection.close();
    }
}
