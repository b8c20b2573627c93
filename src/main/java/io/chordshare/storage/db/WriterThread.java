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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only thread that writes. It batches waiting writes into one transaction (group commit), so that many small writes
 * share one sync. Each write has a savepoint, so a failed write does not undo the others. When a statement fails, the
 * session is closed and the next transaction opens a new one, so the thread survives every failure.
 */
final class WriterThread implements AutoCloseable {

    /** Writes that may wait in the queue; further callers wait to enter it. */
    static final int QUEUE_LIMIT = 1024;
    /** Writes in one transaction. Keeps the log short, and the wait of the first write too. */
    static final int BATCH_LIMIT = 256;
    /** A write is refused when the queue stays full for this long. */
    private static final long ENTER_SECONDS = 30;
    /** How often {@link #close} checks whether the thread has ended. */
    private static final long WAKE_UP_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(WriterThread.class);

    private final BlockingQueue<WriteTask<?>> queue = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    private final Sessions sessions;
    private final Database.Commits commits;
    private final Disk disk;
    private final String name;
    private final Thread thread;
    /** Null after a failure, until the next transaction opens a session. */
    private @Nullable SqlSession session;
    private volatile boolean closing;
    private volatile boolean ended;

    /** Opens sessions. */
    @FunctionalInterface
    interface Sessions {
        SqlSession open() throws SQLException, IOException;
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

    /** @param committed as in {@link #begin} */
    <T> T submit(Database.Work<T> work, Consumer<T> committed) {
        return await(new WriteTask<>(work, null, committed));
    }

    /** As {@link #submit}, without waiting for the disk. Waits only while the queue is full. */
    <T> CompletableFuture<T> begin(Database.Work<T> work, Consumer<T> committed) {
        WriteTask<T> task = new WriteTask<>(work, null, committed);
        try {
            enqueue(task);
        } catch (StoreFailedException e) {
            task.fail(e);
        }
        return task.outcome();
    }

    void submitPause(WriteTask.Pause pause) {
        await(new WriteTask<Boolean>(null, pause));
    }

    /** Number of waiting writes. */
    int waiting() {
        return queue.size();
    }

    private <T> T await(WriteTask<T> task) {
        enqueue(task);
        try {
            return task.join();
        } catch (CompletionException e) {
            throw unwrap(e);
        }
    }

    private void enqueue(WriteTask<?> task) {
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

    /**
     * Commits the tasks together. If that fails, commits each one alone: an upload that is too large for the disk must
     * not fail a delete.
     */
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

    /** Runs the callback after a commit. The commit stands, so a failure here is only logged. */
    private boolean afterCommit() {
        try {
            return session != null && commits.committed(session);
        } catch (SQLException e) {
            LOG.debug("Deleting blocks after a write to {} failed. It is tried again after the next write", name,
                    disk.failed(e));
            return false;
        } catch (RuntimeException e) {
            LOG.error("Deleting blocks after a write to {} failed. It is tried again after the next write", name, e);
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

    /**
     * Runs one task; returns whether it succeeded. A failed statement ends the whole transaction, because SQLite may
     * have rolled it back already.
     */
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
            // There may be nothing left to roll back. The first failure is the important one
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
            LOG.debug("A session of {} could not be closed. The next session shows whether the database works", name,
                    e);
        }
    }

    private void pause(WriteTask<?> task, WriteTask.Pause pause) {
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

    /** Writes the waiting tasks, then ends the thread. */
    @Override
    public void close() throws SQLException {
        closing = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            // An empty task wakes the thread up. If the queue is full, the thread is awake anyway
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
