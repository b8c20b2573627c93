package io.chordshare.storage.db;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One task of a {@link Writer}: work in a transaction, or a pause between two transactions. */
public final class WriteTask<T> {

    /** Runs while the writer has no session. Ends with {@code carryOn}, which opens one. */
    @FunctionalInterface
    interface Pause {
        void run(CarryOn carryOn) throws SQLException, IOException;
    }

    /** Opens a session again. */
    @FunctionalInterface
    interface CarryOn {
        void run() throws SQLException, IOException;
    }

    private final Database.@Nullable Work<T> work;
    private final @Nullable Pause pause;
    private final Consumer<T> committed;
    private final CompletableFuture<@Nullable T> done = new CompletableFuture<>();
    private @Nullable T result;

    /** With both null the task does nothing. */
    WriteTask(Database.@Nullable Work<T> work, @Nullable Pause pause) {
        this(work, pause, result -> {});
    }

    /** @param committed told of the result when it is on disk, before the caller, in the order of the tasks */
    WriteTask(Database.@Nullable Work<T> work, @Nullable Pause pause, Consumer<T> committed) {
        this.work = work;
        this.pause = pause;
        this.committed = committed;
    }

    @Nullable Pause pause() {
        return pause;
    }

    /** Runs the work. May run again when the transaction could not be committed. */
    void run(SqlSession session) throws SQLException, IOException {
        result = work == null ? null : work.run(session);
    }

    boolean isDone() {
        return done.isDone();
    }

    void succeed() {
        try {
            if (work != null && result != null) {
                committed.accept(result);
            }
            done.complete(result);
        } catch (RuntimeException | Error e) {
            // it is on disk; who asked must not wait for ever
            done.completeExceptionally(e);
        }
    }

    /** Its result, once it is on disk. */
    public CompletableFuture<@Nullable T> outcome() {
        return done;
    }

    /** Nobody waits for it any more. */
    public void fail(Throwable reason) {
        done.completeExceptionally(reason);
    }

    public T join() {
        return done.join();
    }
}
