package io.chordshare.storage.db;

import io.chordshare.storage.disk.Disk;
import io.chordshare.storage.error.StorageException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does waiting writes in one transaction (group commit), so that many small writes share one sync. Each write has a
 * savepoint, so a failed write does not undo the others. When a statement fails, the session is closed and the next
 * transaction opens a new one, so it survives every failure. Used by one thread at a time.
 */
public final class GroupCommit implements AutoCloseable {

    /** Writes in one transaction. Keeps the log short, and the wait of the first write too. */
    static final int BATCH_LIMIT = 256;

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private final Sessions sessions;
    private final Database.Commits commits;
    private final Disk disk;
    private final String name;
    /** Null after a failure, until the next transaction opens a session. */
    private @Nullable SqlSession session;

    /** Opens sessions. */
    @FunctionalInterface
    interface Sessions {
        SqlSession open() throws SQLException, IOException;
    }

    GroupCommit(Sessions sessions, Database.Commits commits, Disk disk, String name) throws SQLException, IOException {
        this.sessions = sessions;
        this.commits = commits;
        this.disk = disk;
        this.name = name;
        this.session = sessions.open();
    }

    /** The database, for people. */
    String name() {
        return name;
    }

    /**
     * Does a task together with those that wait behind it, and tells who waits for them.
     *
     * @param first   null to go on with what the last transaction has left to do
     * @param waiting those that are done are taken out
     * @return whether something is left to do, beside what waits
     */
    public boolean run(@Nullable WriteTask<?> first, Queue<WriteTask<?>> waiting) {
        if (first != null && first.pause() != null) {
            pause(first, first.pause());
            return false;
        }
        List<WriteTask<?>> batch = new ArrayList<>();
        if (first != null) {
            batch.add(first);
        }
        while (batch.size() < BATCH_LIMIT && waiting.peek() instanceof WriteTask<?> next && next.pause() == null) {
            batch.add(waiting.remove());
        }
        List<WriteTask<?>> good = commit(batch);
        try {
            return afterCommit();
        } finally {
            // also when that failed: it is on disk, and who asked must not wait for ever
            good.forEach(WriteTask::succeed);
        }
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
            // a bug, or no memory: those who wait are told, and the writer goes on
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
            close();
        }
    }

    /** Closes the session. */
    @Override
    public void close() {
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
        close();
        try {
            pause.run(() -> session = sessions.open());
            task.succeed();
        } catch (SQLException | IOException e) {
            task.fail(disk.failed(e));
        } catch (RuntimeException | Error e) {
            // whatever it was: who asked for the pause is told, and the next transaction opens a session
            task.fail(e);
        }
    }
}
