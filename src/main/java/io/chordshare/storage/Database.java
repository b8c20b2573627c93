package io.chordshare.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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
        SqlSession first = SqlSession.open(file, false);
        try {
            Schema.create(first);
            openReaders();
        } catch (SQLException e) {
            first.close();
            throw e;
        }
        writer = new WriterThread(first, commits, file.toString());
    }

    /** Runs {@code work} in a transaction together with others that wait; on disk when this returns. */
    <T> T write(Work<T> work) {
        return writer.submit(work);
    }

    <T> T read(Work<T> query) {
        readPermits.acquireUninterruptibly();
        try {
            SqlSession session = idleReaders.poll();
            if (session == null) {
                throw new StoreFailedException("the store " + file + " is closed");
            }
            try {
                return query.run(session);
            } finally {
                idleReaders.add(session);
            }
        } catch (SQLException | IOException e) {
            throw failure(e);
        } finally {
            readPermits.release();
        }
    }

    /** Closes the files, runs {@code work} and opens what is there then. Waits for running reads and writes. */
    void offline(Offline work) {
        writer.submitReplacement(old -> {
            readPermits.acquireUninterruptibly(READERS);
            try {
                closeReaders();
                old.close();
                return runThenReopen(work);
            } finally {
                readPermits.release(READERS);
            }
        });
    }

    private WriterThread.Replaced runThenReopen(Offline work) throws SQLException {
        IOException failure = null;
        try {
            work.run();
        } catch (IOException e) {
            // Kept for the caller: the store goes on with what is there
            failure = e;
        }
        return new WriterThread.Replaced(reopen(), failure);
    }

    private SqlSession reopen() throws SQLException {
        SqlSession session = SqlSession.open(file, false);
        Schema.create(session);
        openReaders();
        return session;
    }

    private void openReaders() throws SQLException {
        for (int i = 0; i < READERS; i++) {
            idleReaders.add(SqlSession.open(file, true));
        }
    }

    private void closeReaders() throws SQLException {
        List<SqlSession> all = new ArrayList<>(idleReaders);
        idleReaders.clear();
        for (SqlSession session : all) {
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
            closeReaders();
        } finally {
            readPermits.release(READERS);
        }
    }
}
