package io.chordshare.storage.db;

import io.chordshare.storage.disk.Disk;
import io.chordshare.storage.disk.OwnerOnly;
import io.chordshare.storage.error.StoreFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The embedded database. Its native calls block the carrier thread of a virtual thread. So all writes are done by one
 * {@link Writer}, and at most {@link #READERS} reads run at once.
 */
public final class Database implements AutoCloseable {

    /** Concurrent reads. Few, because each one blocks a carrier thread, and there is one carrier thread per core. */
    static final int READERS = 2;

    private final Path file;
    private final Disk disk;
    private final Semaphore readPermits = new Semaphore(READERS, true);
    private final ConcurrentLinkedQueue<SqlSession> idleReaders = new ConcurrentLinkedQueue<>();
    private final Writer writer;
    private final Supplier<String> ids;
    /** Whether the file was opened since the start, or since it was replaced. Only the writer changes it. */
    private volatile boolean opened;
    private volatile boolean closed;

    /** Work on the database. */
    @FunctionalInterface
    public interface Work<T> {
        T run(SqlSession session) throws SQLException, IOException;
    }

    /** Work that runs while the database is closed. */
    @FunctionalInterface
    public interface Offline {
        void run() throws IOException;
    }

    /** Callbacks around each transaction, by the writer. */
    public interface Commits {
        /** Called first in each transaction. */
        void begun(SqlSession session) throws SQLException;

        /** Called after the commit, before the callers continue. Returns true when there is more to do. */
        boolean committed(SqlSession session) throws SQLException;
    }

    /**
     * @param writers makes the one that writes
     * @param ids     gives random ids
     */
    public Database(Path file, Commits commits, Disk disk, Writer.Factory writers, Supplier<String> ids)
            throws SQLException, IOException {
        this.file = file;
        this.disk = disk;
        this.ids = ids;
        writer = writers.start(new GroupCommit(this::openForWriting, commits, disk, file.toString()));
    }

    private SqlSession openForWriting() throws SQLException, IOException {
        if (opened && (!Files.exists(file) || Files.size(file) == 0)) {
            // Never create an empty database here: it would not name the blocks beside it
            throw new NoSuchFileException(file.toString(), null, "the database was deleted while the node runs");
        }
        // SQLite gives the files beside the database the permissions of the database
        OwnerOnly.createFile(file);
        SqlSession session = SqlSession.open(file, false);
        try {
            Schema.create(session, ids.get());
            opened = true;
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    /**
     * Runs {@code work} in a transaction, together with other waiting writes. The result is on disk when this returns.
     */
    public <T> T write(Work<T> work) {
        return write(work, result -> {});
    }

    /** As {@link #write(Work)}. @param committed as in {@link #begin} */
    public <T> T write(Work<T> work, Consumer<T> committed) {
        return done(new WriteTask<>(work, null, committed));
    }

    /**
     * As {@link #write(Work)}, without waiting for the disk. Tasks run and become durable in the order of the calls.
     *
     * @param committed told of the result when it is on disk, before anybody else; the writer calls it
     * @return the result, once it is on disk
     */
    public <T> CompletableFuture<T> begin(Work<T> work, Consumer<T> committed) {
        WriteTask<T> task = new WriteTask<>(work, null, committed);
        try {
            writer.enqueue(task);
        } catch (StoreFailedException e) {
            task.fail(e);
        }
        return task.outcome();
    }

    private <T> T done(WriteTask<T> task) {
        writer.enqueue(task);
        return writer.await(task);
    }

    /** An id that nothing else has. */
    public String newId() {
        return ids.get();
    }

    /** Number of waiting writes. */
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

    /** Returns a session to the pool. A session in which a statement failed is closed instead. */
    private void giveBack(SqlSession session) throws SQLException {
        if (session.hasFailed()) {
            session.close();
        } else {
            idleReaders.add(session);
        }
    }

    /** A write that changes nothing. It fails when writes fail. */
    public void rewriteSomething() {
        write(session -> session.update("UPDATE meta SET value = value WHERE name = 'epoch'"));
    }

    /**
     * Closes the database, runs {@code work} and opens the database that is there then. Waits for running reads and
     * writes.
     */
    public void offline(Offline work) {
        done(new WriteTask<Boolean>(null, carryOn -> {
            readPermits.acquireUninterruptibly(READERS);
            try {
                closeReaders();
                try {
                    work.run();
                } finally {
                    // Reopen also after a failure, and before anybody reads: an existing database is kept, a missing
                    // one is created
                    opened = false;
                    carryOn.run();
                }
            } finally {
                readPermits.release(READERS);
            }
        }));
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
