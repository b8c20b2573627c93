package io.chordshare.storage.db;

import io.chordshare.storage.disk.Disk;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.error.StoreFailedException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. What waits is batched into one transaction (group commit), so that many small writes
 * share one wait for the disk; each has a savepoint, so that one that fails does not take the others with it. A session
 * in which a statement failed is closed, and the next transaction opens another: whatever went wrong, the writer goes
 * on.
 */
public final class WriterThread implements AutoCloseable {

    /** Writes that may wait; further callers wait to get in. */
    static final int QUEUE_LIMIT = 1024;
    /** Writes in one transaction: keeps the log, and the wait of the first, short. */
    static final int BATCH_LIMIT = 256;
    /** A write that finds the queue full for this time is refused. */
    private static final long ENTER_SECONDS = 30;
    /** How often a closing store looks whether its writer has ended. */
    private static final long WAKE_UP_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(WriterThread.class);

    private final BlockingQueue<WriteTask<?>> queue = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    private final Sessions sessions;
    private final Database.Commits commits;
    private final Disk disk;
    private final String name;
    private final Thread thread;
    /** None after a failure, until the next transaction opens one. */
    private @Nullable SqlSession session;
    private volatile boolean closing;
    private volatile boolean ended;

    /** Where sessions come from. */
    @FunctionalInterface
    interface Sessions {
        SqlSession open() throws SQLException, IOException;
    }

    /** What is done while this thread has no session; ends with {@code carryOn}, which opens one. */
    @FunctionalInterface
    interface Pause {
        void run(CarryOn carryOn) throws SQLException, IOException;
    }

    /** Opens a session again. */
    @FunctionalInterface
    interface CarryOn {
        void run() throws SQLException, IOException;
    }

    WriterThread(Sessions sessions, Database.Commits commits, Disk disk, String name)
            throws SQLException, IOException {
        this.sessions = sessions;
        this.commits = commits;
        this.disk = disk;
        this.name = name;
        this.session = sessions.open();
        this.thread = Thread.ofPlatform().daemon().name("store-writer " + name).start(this::loop);
    }

    <T> T submit(Database.Work<T> work) {
        return await(new WriteTask<>(work, null));
    }

    void submitPause(Pause pause) {
        await(new WriteTask<Boolean>(null, pause));
    }

    /** Writes that wait for their turn. */
    int waiting() {
        return queue.size();
    }

    private <T> T await(WriteTask<T> task) {
        if (closing) {
            throw closed();
        }
        try {
            if (!queue.offer(task, ENTER_SECONDS, TimeUnit.SECONDS)) {
                throw new StoreFailedException("the disk is too slow: " + QUEUE_LIMIT + " writes have been waiting for "
                        + ENTER_SECONDS + " s. Try again later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreFailedException("interrupted while waiting to write", e);
        }
        if (ended) {
            task.fail(closed());
        }
        try {
            return task.join();
        } catch (CompletionException e) {
            throw unwrap(e);
        }
    }

    private static RuntimeException unwrap(CompletionException e) {
        return e.getCause() instanceof RuntimeException failure ? failure
                : new StoreFailedException("the store's writer failed", e);
    }

    private static StoreFailedException closed() {
        return new StoreFailedException("the store of this node is closed");
    }

    private void loop() {
        boolean more = false;
        List<WriteTask<?>> batch = new ArrayList<>(BATCH_LIMIT);
        try {
            while (!closing || !queue.isEmpty()) {
                WriteTask<?> first = more ? queue.poll() : queue.take();
                if (first != null && first.pause() != null) {
                    pause(first, first.pause());
                } else if (first != null || more) {
                    more = runBatch(batch, first);
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("The writer of {} was interrupted and stops", name, e);
        } finally {
            ended = true;
            closing = true;
            queue.forEach(left -> left.fail(closed()));
        }
    }

    private boolean runBatch(List<WriteTask<?>> batch, @Nullable WriteTask<?> first) {
        batch.clear();
        if (first != null) {
            batch.add(first);
        }
        while (batch.size() < BATCH_LIMIT && queue.peek() instanceof WriteTask<?> next && next.pause() == null) {
            batch.add(queue.remove());
        }
        List<WriteTask<?>> good = commit(batch);
        boolean more = afterCommit();
        good.forEach(WriteTask::succeed);
        return more;
    }

    /** Commits them together or, where that fails, each alone: a file too large for the disk fails no delete. */
    private List<WriteTask<?>> commit(List<WriteTask<?>> batch) {
        try {
            return transaction(batch);
        } catch (SQLException | IOException e) {
            StorageException failure = disk.failed(e);
            List<WriteTask<?>> open = batch.stream().filter(task -> !task.isDone()).toList();
            if (!disk.madeRoomAfter(failure) && open.size() == 1) {
                open.getFirst().fail(failure);
                return List.of();
            }
            return open.stream().flatMap(task -> commit(List.of(task)).stream()).<WriteTask<?>>map(task -> task)
                    .toList();
        } catch (RuntimeException | Error e) {
            LOG.error("A write to {} failed", name, e);
            batch.forEach(task -> task.fail(e));
            return List.of();
        }
    }

    /** What was committed stays committed, so a failure here is nobody's but the log's. */
    private boolean afterCommit() {
        try {
            return session != null && commits.committed(session);
        } catch (SQLException e) {
            LOG.debug("After a write to {}, freeing blocks failed; it is tried again after the next one", name,
                    disk.failed(e));
            return false;
        } catch (RuntimeException e) {
            LOG.error("After a write to {}, freeing blocks failed; it is tried again after the next one", name, e);
            return false;
        } finally {
            dropFailedSession();
        }
    }

    private List<WriteTask<?>> transaction(List<WriteTask<?>> batch) throws SQLException, IOException {
        SqlSession open = session == null ? sessions.open() : session;
        session = open;
        try {
            open.update("BEGIN IMMEDIATE");
            List<WriteTask<?>> good = new ArrayList<>(batch.size());
            commits.begun(open);
            for (WriteTask<?> task : batch) {
                if (run(open, task)) {
                    good.add(task);
                }
            }
            open.update("COMMIT");
            return good;
        } catch (SQLException | RuntimeException | Error e) {
            rollBack(open, e);
            throw e;
        } finally {
            dropFailedSession();
        }
    }

    /** Whether it succeeded. A failed statement ends the whole transaction: SQLite may have rolled it back already. */
    private <T> boolean run(SqlSession session, WriteTask<T> task) throws SQLException {
        session.update("SAVEPOINT task");
        try {
            task.run(session);
            session.update("RELEASE task");
            return true;
        } catch (IOException | RuntimeException e) {
            session.update("ROLLBACK TO task");
            session.update("RELEASE task");
            task.fail(e instanceof IOException io ? disk.failed(io) : e);
            return false;
        }
    }

    private static void rollBack(SqlSession session, Throwable reason) {
        try {
            session.update("ROLLBACK");
        } catch (SQLException e) {
            // There may be nothing left to roll back: the first failure is the one that matters
            reason.addSuppressed(e);
        }
    }

    private void dropFailedSession() {
        if (session != null && session.hasFailed()) {
            closeSession();
        }
    }

    private void closeSession() {
        SqlSession old = session;
        session = null;
        try {
            if (old != null) {
                old.close();
            }
        } catch (SQLException e) {
            LOG.debug("A session of {} could not be closed; the next one tells whether that matters", name, e);
        }
    }

    private void pause(WriteTask<?> task, Pause pause) {
        closeSession();
        try {
            pause.run(() -> session = sessions.open());
            task.succeed();
        } catch (SQLException | IOException e) {
            task.fail(disk.failed(e));
        } catch (RuntimeException e) {
            task.fail(e);
        }
    }

    /** Writes what waits, then ends. */
    @Override
    public void close() throws SQLException {
        closing = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            // Work that does nothing, to wake it up; when there is no room for it, it is awake
            queue.offer(new WriteTask<Boolean>(null, null));
            try {
                thread.join(WAKE_UP_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        closeSession();
    }
}
