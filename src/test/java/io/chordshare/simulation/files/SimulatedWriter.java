package io.chordshare.simulation.files;

import io.chordshare.runtime.NodeRuntime;
import io.chordshare.storage.db.GroupCommit;
import io.chordshare.storage.db.WriteTask;
import io.chordshare.storage.db.Writer;
import io.chordshare.storage.error.StoreFailedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CompletionException;

/** Writes to the real database as a task of the simulator, which takes some virtual time. */
final class SimulatedWriter implements Writer {

    private static final long FASTEST_NANOS = 200_000;
    private static final long SLOWEST_NANOS = 6_000_000;
    private static final Duration WAITS_FOR = Duration.ofHours(1);

    private final NodeRuntime runtime;
    private final Random random;
    private final GroupCommit commits;
    private final Deque<WriteTask<?>> queue = new ArrayDeque<>();
    private Duration slowness = Duration.ZERO;
    private State state = State.OPENING;

    /** A store that is being opened has no tasks yet; a process that was killed writes no more. */
    private enum State { OPENING, IDLE, WRITING, DEAD }

    SimulatedWriter(NodeRuntime runtime, Random random, GroupCommit commits) {
        this.runtime = runtime;
        this.random = random;
        this.commits = commits;
    }

    /** From now on writes take time. */
    void opened() {
        state = State.IDLE;
    }

    /** The process dies: what waits is lost. */
    void die() {
        state = State.DEAD;
        queue.clear();
    }

    /** Every write takes so much longer from now on. */
    void setSlowness(Duration slowness) {
        this.slowness = slowness;
    }

    @Override
    public void enqueue(WriteTask<?> task) {
        switch (state) {
            case DEAD -> throw new StoreFailedException("the process is dead");
            case OPENING -> {
                boolean more = commits.run(task, queue);
                while (more) {
                    more = commits.run(null, queue);
                }
            }
            case IDLE -> {
                queue.add(task);
                state = State.WRITING;
                runtime.start("store-writer", this::write);
            }
            case WRITING -> queue.add(task);
        }
    }

    private void write() {
        boolean more = false;
        while (state == State.WRITING && (more || !queue.isEmpty())) {
            runtime.sleep(Duration.ofNanos(random.nextLong(FASTEST_NANOS, SLOWEST_NANOS)).plus(slowness));
            more = commits.run(queue.poll(), queue);
        }
        if (state == State.WRITING) {
            state = State.IDLE;
        }
    }

    @Override
    public <T> T await(WriteTask<T> task) {
        if (!task.outcome().isDone() && !runtime.await(task.outcome(), WAITS_FOR)) {
            throw new StoreFailedException("the simulated disk hangs");
        }
        try {
            return task.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    @Override
    public int waiting() {
        return queue.size();
    }

    @Override
    public void close() {
        commits.close();
    }
}
