package io.chordshare.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The embedded database. Its native calls hold on to the thread that makes them, and callers are virtual threads, so
 * all writes go through {@link WriterThread one platform thread} and only {@link #READERS} reads run at once.
 */
final class Database implements AutoCloseable {

    /** Reads at one time: few, because each holds a carrier thread, of which there are as many as cores. */
    static final int READERS = 2;

    private final Path file;
    private final Semaphore readPermits = new Semaphore(READERS, true);
    private final ConcurrentLinkedQueue<SqlSession> idleReaders = new ConcurrentLinkedQueue<>();
    private final WriterThread writer;
    private volatile boolean closed;

    /** Work on the database. */
    @FunctionalInterface
    interface Work<T> {
        T run(SqlSession session) throws SQLException, IOException;
    }

    /** Work while nobody uses the database and its files are closed. */
    @FunctionalInterface
    interface Offline {
        void run() throws IOException;
    }

    /** What is done around each transaction, on the writer's thread. */
    interface Commits {
        /** first thing within each transaction */
        void begun(SqlSession session) throws SQLException;

        /** after the commit, before those who wait are told; true when there is more to do */
        boolean committed(SqlSession session) throws SQLException;
    }

    Database(Path file, Commits commits) throws SQLException {
        this.file = file;
        writer = new WriterThread(this::openForWriting, commits, file.toString());
    }

    private SqlSession openForWriting() throws SQLException {
        SqlSession session = SqlSession.open(file, false);
        try {
            Schema.create(session);
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    /** Runs {@code work} in a transaction together with others that wait; on disk when this returns. */
    <T> T write(Work<T> work) {
        return writer.submit(work);
    }

    /** Writes that wait for their turn. */
    int waiting() {
        return writer.waiting();
    }

    <T> T read(Work<T> query) {
        readPermits.acquireUninterruptibly();
        try {
            if (closed) {
                throw new StoreFailedException("the store " + file + " is closed");
            }
            SqlSession idle = idleReaders.poll();
            SqlSession session = idle == null ? SqlSession.open(file, true) : idle;
            try {
                return query.run(session);
            } finally {
                giveBack(session);
            }
        } catch (SQLException | IOException e) {
            throw failure(e);
        } finally {
            readPermits.release();
        }
    }

    /** What failed once is not used again: the next read opens another. */
    private void giveBack(SqlSession session) throws SQLException {
        if (session.hasFailed()) {
            session.close();
        } else {
            idleReaders.add(session);
        }
    }

    /** Closes the files, runs {@code work} and opens what is there then. Waits for running reads and writes. */
    void offline(Offline work) {
        writer.submitOffline(() -> {
            readPermits.acquireUninterruptibly(READERS);
            try {
                closeReaders();
                work.run();
            } catch (SQLException e) {
                throw new IOException("the database cannot be closed", e);
            } finally {
                readPermits.release(READERS);
            }
        });
    }

    private void closeReaders() throws SQLException {
        for (SqlSession session = idleReaders.poll(); session != null; session = idleReaders.poll()) {
            session.close();
        }
    }

    static StorageException failure(Exception e) {
        if (e instanceof SQLiteException sql && sql.getResultCode() == SQLiteErrorCode.SQLITE_FULL) {
            return new DiskFullException(Path.of("the database"), e);
        }
        return new StoreFailedException("the node's store failed: " + e.getMessage()
                + ". Look at the disk and its permissions, then start the node again", e);
    }

    @Override
    public void close() throws SQLException {
        writer.close();
        readPermits.acquireUninterruptibly(READERS);
        try {
            closed = true;
            closeReaders();
        } finally {
            readPermits.release(READERS);
        }
    }
}
