package io.chordshare.storage.db;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One task of the {@link WriterThread} that a caller waits for: work in a transaction, or a pause between two
 * transactions.
 */
final class WriteTask<T> {

    private final Database.@Nullable Work<T> work;
    private final WriterThread.@Nullable Pause pause;
    private final CompletableFuture<@Nullable T> done = new CompletableFuture<>();
    private @Nullable T result;

    /** With both null the task does nothing. */
    WriteTask(Database.@Nullable Work<T> work, WriterThread.@Nullable Pause pause) {
        this.work = work;
        this.pause = pause;
    }

    WriterThread.@Nullable Pause pause() {
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
        done.complete(result);
    }

    void fail(Throwable reason) {
        done.completeExceptionally(reason);
    }

    T join() {
        return done.join();
    }
}
