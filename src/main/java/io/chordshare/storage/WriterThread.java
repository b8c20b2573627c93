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
 * one wait for the disk; each has a savepoint, so that one that fails does not take the others with it.
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
    private final Database.Commits commits;
    private final String name;
    private final Thread thread;
    private SqlSession session;
    private volatile boolean closing;
    private volatile boolean ended;

    /** What a replaced session left: the new one, and what went wrong in between. */
    record Replaced(SqlSession session, @Nullable Exception failure) {}

    /** Exchanges the session while no transaction is open. */
    @FunctionalInterface
    interface Replacement {
        Replaced replace(SqlSession old) throws SQLException, IOException;
    }

    private static final class Task<T> {
        private final Database.@Nullable Work<T> work;
        private final @Nullable Replacement replacement;
        private final CompletableFuture<@Nullable T> done = new CompletableFuture<>();
        private @Nullable T result;

        Task(Database.@Nullable Work<T> work, @Nullable Replacement replacement) {
            this.work = work;
            this.replacement = replacement;
        }

        void succeed() {
            done.complete(result);
        }
    }

    WriterThread(SqlSession session, Database.Commits commits, String name) {
        this.session = session;
        this.commits = commits;
        this.name = name;
        this.thread = Thread.ofPlatform().daemon().name("store-writer " + name).start(this::loop);
    }

    <T> T submit(Database.Work<T> work) {
        return await(new Task<>(work, null));
    }

    void submitReplacement(Replacement replacement) {
        await(new Task<Boolean>(null, replacement));
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
            task.done.completeExceptionally(closed());
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
                if (first != null && first.replacement != null) {
                    replace(first, first.replacement);
                } else if (first != null || more) {
                    more = runBatch(batch, first);
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("The writer of {} was interrupted and stops", name, e);
        } finally {
            ended = true;
            closing = true;
            queue.forEach(left -> left.done.completeExceptionally(closed()));
        }
    }

    private boolean runBatch(List<Task<?>> batch, @Nullable Task<?> first) {
        batch.clear();
        if (first != null) {
            batch.add(first);
        }
        while (batch.size() < BATCH_LIMIT && queue.peek() instanceof Task<?> next && next.replacement == null) {
            batch.add(queue.remove());
        }
        List<Task<?>> good;
        try {
            good = transaction(batch);
        } catch (SQLException | RuntimeException | Error e) {
            LOG.warn("A write to {} failed", name, e);
            batch.forEach(task -> task.done.completeExceptionally(e));
            return false;
        }
        boolean more = afterCommit();
        good.forEach(Task::succeed);
        return more;
    }

    /** What was committed stays committed, so a failure here is nobody's but the log's. */
    private boolean afterCommit() {
        try {
            return commits.committed(session);
        } catch (SQLException | RuntimeException e) {
            LOG.warn("After a write to {}, freeing blocks failed; it is tried again after the next one", name, e);
            return false;
        }
    }

    private List<Task<?>> transaction(List<Task<?>> batch) throws SQLException {
        List<Task<?>> good = new ArrayList<>(batch.size());
        session.update("BEGIN IMMEDIATE");
        try {
            commits.begun(session);
            for (Task<?> task : batch) {
                if (run(task)) {
                    good.add(task);
                }
            }
            session.update("COMMIT");
            return good;
        } catch (SQLException | RuntimeException | Error e) {
            rollBack(e);
            throw e;
        }
    }

    private <T> boolean run(Task<T> task) throws SQLException {
        session.update("SAVEPOINT task");
        try {
            task.result = task.work == null ? null : task.work.run(session);
            session.update("RELEASE task");
            return true;
        } catch (SQLException | IOException | RuntimeException e) {
            // Fails in its turn when SQLite gave up the whole transaction: then all of the batch fail
            session.update("ROLLBACK TO task");
            session.update("RELEASE task");
            task.done.completeExceptionally(e);
            return false;
        }
    }

    private void rollBack(Throwable reason) {
        try {
            session.update("ROLLBACK");
        } catch (SQLException e) {
            // There may be nothing left to roll back: the first failure is the one that matters
            reason.addSuppressed(e);
        }
    }

    private void replace(Task<?> task, Replacement replacement) {
        try {
            Replaced replaced = replacement.replace(session);
            session = replaced.session();
            if (replaced.failure() != null) {
                task.done.completeExceptionally(replaced.failure());
            }
            task.succeed();
        } catch (SQLException | IOException | RuntimeException e) {
            task.done.completeExceptionally(e);
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
        session.close();
    }
}
