package io.chordshare.storage.db;

import io.chordshare.storage.error.StoreFailedException;

/** Takes tasks for the database, and has them done in order, by one at a time. */
public interface Writer extends AutoCloseable {

    /**
     * Takes a task. Waits only while too many wait.
     *
     * @throws StoreFailedException when it is not taken
     */
    void enqueue(WriteTask<?> task);

    /** Waits for a task that was taken. @return its result, which is on disk */
    <T> T await(WriteTask<T> task);

    /** Number of waiting tasks. */
    int waiting();

    /** Has the waiting tasks done, then ends. */
    @Override
    void close();

    /** Makes the writer of a database. */
    @FunctionalInterface
    interface Factory {

        /** @param commits does the tasks; the writer closes it */
        Writer start(GroupCommit commits);
    }
}
