package io.chordshare.storage.db;

import io.chordshare.storage.disk.Disk;
import io.chordshare.storage.disk.OwnerOnly;
import io.chordshare.storage.error.StoreFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * The embedded database. Its native calls hold on to the thread that makes them, and callers are virtual threads, so
 * all writes go through {@link WriterThread one platform thread} and only {@link #READERS} reads run at once.
 */
public final class Database implements AutoCloseable {

    /** Reads at one time: few, because each holds a carrier thread, of which there are as many as cores. */
    static final int READERS = 2;

    private final Path file;
    private final Disk disk;
    private final Semaphore readPermits = new Semaphore(READERS, true);
    private final ConcurrentLinkedQueue<SqlSession> idleReaders = new ConcurrentLinkedQueue<>();
    private final WriterThread writer;
    /** Since the database was exchanged, or since the start. Only the writer's thread changes it. */
    private volatile boolean opened;
    private volatile boolean closed;

    /** Work on the database. */
    @FunctionalInterface
    public interface Work<T> {
        T run(SqlSession session) throws SQLException, IOException;
    }

    /** Work while nobody uses the database and its files are closed. */
    @FunctionalInterface
    public interface Offline {
        void run() throws IOException;
    }

    /** What is done around each transaction, on the writer's thread. */
    public interface Commits {
        /** first thing within each transaction */
        void begun(SqlSession session) throws SQLException;

        /** after the commit, before those who wait are told; true when there is more to do */
        boolean committed(SqlSession session) throws SQLException;
    }

    public Database(Path file, Commits commits, Disk disk) throws SQLException, IOException {
        this.file = file;
        this.disk = disk;
        writer = new WriterThread(this::openForWriting, commits, disk, file.toString());
    }

    private SqlSession openForWriting() throws SQLException, IOException {
        if (opened && (!Files.exists(file) || Files.size(file) == 0)) {
            // never an empty one in its place, beside blocks that it would not name
            throw new NoSuchFileException(file.toString(), null, "the database was deleted while the node runs");
        }
        // What SQLite creates beside the database is as closed as the database
        OwnerOnly.createFile(file);
        SqlSession session = SqlSession.open(file, false);
        try {
            Schema.create(session);
            opened = true;
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    /** Runs {@code work} in a transaction together with others that wait; on disk when this returns. */
    public <T> T write(Work<T> work) {
        return writer.submit(work);
    }

    /** Writes that wait for their turn. */
    int waiting() {
        return writer.waiting();
    }

    public <T> T read(Work<T> query) {
        readPermits.acquireUninterruptibly();
        try {
            if (closed) {
                throw new StoreFailedException("the store of this node is closed");
            }
            SqlSession idle = idleReaders.poll();
            SqlSession session = idle == null ? SqlSession.open(file, true) : idle;
            try {
                return query.run(session);
            } finally {
                giveBack(session);
            }
        } catch (SQLException | IOException e) {
            throw disk.failed(e);
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

    /** A write that changes nothing: it fails when writes fail. */
    public void rewriteSomething() {
        write(session -> session.update("UPDATE meta SET value = value WHERE name = 'epoch'"));
    }

    /** Closes the files, runs {@code work} and opens what is there then. Waits for running reads and writes. */
    public void offline(Offline work) {
        writer.submitPause(carryOn -> {
            readPermits.acquireUninterruptibly(READERS);
            try {
                closeReaders();
                try {
                    work.run();
                } finally {
                    // also after a failure, and before anybody reads: what is there is there, and what is not is made
                    opened = false;
                    carryOn.run();
                }
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
