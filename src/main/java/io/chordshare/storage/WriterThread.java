package io.chordshare.storage;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. What waits is batched into one transaction (group commit), so that many small writes share
 * one wait for the disk; each has a savepoint, so that one that fails does not take the others with it. A session in
 * which a statement failed is closed, and the next transaction opens another: whatever went wrong, the writer goes on.
 */
final class WriterThread implements AutoCloseable {

    /** Writes that may wait; further callers wait to get in. */
    static final int QUEUE_LIMIT = 1024;
    /** Writes in one transaction: keeps the log, and the wait of the first, short. */
    static final int BATCH_LIMIT = 256;
    /** A write that finds the queue full for so long is refused. */
    private static final long ENTER_SECONDS = 30;
    /** How often a closing store looks whether its writer has ended. */
    private static final long WAKE_UP_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(WriterThread.class);

    private final BlockingQueue<Task<?>> queue = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    private final Sessions sessions;
    private final Database.Commits commits;
    private final String name;
    private final Thread thread;
    /** None after a failure, until the next transaction opens one. */
    private @Nullable SqlSession session;
    private volatile boolean closing;
    private volatile boolean ended;

    /** Where sessions come from. */
    @FunctionalInterface
    interface Sessions {
        SqlSession open() throws SQLException;
    }

    private static final class Task<T> {
        private final Database.@Nullable Work<T> work;
        private final Database.@Nullable Offline offline;
        private final CompletableFuture<@Nullable T> done = new CompletableFuture<>();
        private @Nullable T result;

        Task(Database.@Nullable Work<T> work, Database.@Nullable Offline offline) {
            this.work = work;
            this.offline = offline;
        }

        void succeed() {
            done.complete(result);
        }

        void fail(Throwable reason) {
            done.completeExceptionally(reason);
        }
    }

    WriterThread(Sessions sessions, Database.Commits commits, String name) throws SQLException {
        this.sessions = sessions;
        this.commits = commits;
        this.name = name;
        this.session = sessions.open();
        this.thread = Thread.ofPlatform().daemon().name("store-writer " + name).start(this::loop);
    }

    <T> T submit(Database.Work<T> work) {
        return await(new Task<>(work, null));
    }

    /** Runs {@code work} while this thread has no session. */
    void submitOffline(Database.Offline work) {
        await(new Task<Boolean>(null, work));
    }

    /** Writes that wait for their turn. */
    int waiting() {
        return queue.size();
    }

    private <T> T await(Task<T> task) {
        if (closing) {
            throw closed();
        }
        try {
            if (!queue.offer(task, ENTER_SECONDS, TimeUnit.SECONDS)) {
                throw new StoreFailedException("the disk is too slow: " + QUEUE_LIMIT + " writes to " + name
                        + " have been waiting for " + ENTER_SECONDS + " s. Try again later");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreFailedException("interrupted while waiting to write to " + name, e);
        }
        if (ended) {
            task.fail(closed());
        }
        try {
            return task.done.join();
        } catch (CompletionException e) {
            throw unwrap(e);
        }
    }

    /** The failure as callers know it: one of the storage's own, whatever the database threw. */
    private static RuntimeException unwrap(CompletionException e) {
        return switch (e.getCause()) {
            case RuntimeException failure -> failure;
            case SQLException failure -> Database.failure(failure);
            case IOException failure -> Database.failure(failure);
            case null, default -> new StoreFailedException("the store's writer failed", e);
        };
    }

    private StoreFailedException closed() {
        return new StoreFailedException("the store " + name + " is closed");
    }

    private void loop() {
        boolean more = false;
        List<Task<?>> batch = new ArrayList<>(BATCH_LIMIT);
        try {
            while (!closing || !queue.isEmpty()) {
                Task<?> first = more ? queue.poll() : queue.take();
                if (first != null && first.offline != null) {
                    goOffline(first, first.offline);
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

    private boolean runBatch(List<Task<?>> batch, @Nullable Task<?> first) {
        batch.clear();
        if (first != null) {
            batch.add(first);
        }
        while (batch.size() < BATCH_LIMIT && queue.peek() instanceof Task<?> next && next.offline == null) {
            batch.add(queue.remove());
        }
        List<Task<?>> good = commit(batch);
        boolean more = afterCommit();
        good.forEach(Task::succeed);
        return more;
    }

    /** Commits them together or, where that fails, each alone: a file too large for the disk fails no delete. */
    private List<Task<?>> commit(List<Task<?>> batch) {
        try {
            return transaction(batch);
        } catch (SQLException | RuntimeException | Error e) {
            List<Task<?>> open = batch.stream().filter(task -> !task.done.isDone()).toList();
            if (open.size() == 1 || e instanceof Error) {
                LOG.warn("A write to {} failed", name, e);
                open.forEach(task -> task.fail(e));
                return List.of();
            }
            return open.stream().flatMap(task -> commit(List.of(task)).stream()).<Task<?>>map(task -> task).toList();
        }
    }

    /** What was committed stays committed, so a failure here is nobody's but the log's. */
    private boolean afterCommit() {
        try {
            return session != null && commits.committed(session);
        } catch (SQLException | RuntimeException e) {
            LOG.warn("After a write to {}, freeing blocks failed; it is tried again after the next one", name, e);
            return false;
        } finally {
            dropFailedSession();
        }
    }

    private List<Task<?>> transaction(List<Task<?>> batch) throws SQLException {
        SqlSession open = session == null ? sessions.open() : session;
        session = open;
        try {
            open.update("BEGIN IMMEDIATE");
            List<Task<?>> good = new ArrayList<>(batch.size());
            commits.begun(open);
            for (Task<?> task : batch) {
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
    private static <T> boolean run(SqlSession session, Task<T> task) throws SQLException {
        session.update("SAVEPOINT task");
        try {
            task.result = task.work == null ? null : task.work.run(session);
            session.update("RELEASE task");
            return true;
        } catch (IOException | RuntimeException e) {
            session.update("ROLLBACK TO task");
            session.update("RELEASE task");
            task.fail(e);
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

    private void goOffline(Task<?> task, Database.Offline work) {
        closeSession();
        try {
            work.run();
            session = sessions.open();
            task.succeed();
        } catch (SQLException | IOException | RuntimeException e) {
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
            queue.offer(new Task<Boolean>(null, null));
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
