package io.chordshare.storage.db;

import io.chordshare.storage.error.StoreFailedException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only thread that writes to the database. */
public final class WriterThread implements Writer {

    /** Writes that may wait in the queue; further callers wait to enter it. */
    static final int QUEUE_LIMIT = 1024;
    /** A write is refused when the queue stays full for this long. */
    private static final long ENTER_SECONDS = 30;
    /** How often {@link #close} checks whether the thread has ended. */
    private static final long WAKE_UP_MILLIS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(WriterThread.class);

    private final BlockingQueue<WriteTask<?>> queue = new ArrayBlockingQueue<>(QUEUE_LIMIT);
    private final GroupCommit commits;
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean ended;

    public WriterThread(GroupCommit commits) {
        this.commits = commits;
        this.thread = Thread.ofPlatform().daemon().name("store-writer " + commits.name()).start(this::loop);
    }

    @Override
    public int waiting() {
        return queue.size();
    }

    @Override
    public <T> T await(WriteTask<T> task) {
        try {
            return task.join();
        } catch (CompletionException e) {
            throw unwrap(e);
        }
    }

    @Override
    public void enqueue(WriteTask<?> task) {
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
        try {
            while (!closing || !queue.isEmpty()) {
                WriteTask<?> first = more ? queue.poll() : queue.take();
                more = commits.run(first, queue);
            }
        } catch (InterruptedException e) {
            LOG.warn("The writer of {} was interrupted and stops", commits.name(), e);
        } finally {
            ended = true;
            closing = true;
            queue.forEach(left -> left.fail(closed()));
        }
    }

    @Override
    public void close() {
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
        commits.close();
    }
}
