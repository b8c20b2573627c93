package io.chordshare.simulation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks as virtual threads whose scheduler is a slot for one continuation. Starting or unparking a task only fills
 * the slot, and the loop runs the task like a method call. So threads never hand over, and a task that waits outside
 * the port is noticed immediately, because its continuation returns without having parked.
 *
 * <p>The builder that takes a scheduler is package-private in JDK 25; the tests' JVM opens {@code java.lang} for it.
 */
final class SlotRunner implements TaskRunner {

    /** Deep recursion in a task uses the stack of its carrier thread. */
    private static final long LOOP_STACK_BYTES = 64L << 20;
    /** No inherited thread-locals: a task must not see values from the thread that started it. */
    private static final int NO_INHERITABLE_THREAD_LOCALS = 1 << 2;

    private static final MethodHandle NEW_VIRTUAL_THREAD = newVirtualThread();

    private final Executor scheduler = this::put;
    private @Nullable Runnable slot;
    private @Nullable Thread loop;
    private @Nullable Task current;

    private static MethodHandle newVirtualThread() {
        try {
            Class<?> builders = Class.forName("java.lang.ThreadBuilders");
            return MethodHandles.privateLookupIn(builders, MethodHandles.lookup()).findStatic(builders,
                    "newVirtualThread",
                    MethodType.methodType(Thread.class, Executor.class, String.class, int.class, Runnable.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this kernel needs JDK 25 with --add-opens java.base/java.lang=ALL-UNNAMED", e);
        }
    }

    private void put(Runnable continuation) {
        // a real timer of a run that has already failed must not disturb the next run
        if (Thread.currentThread() == loop) {
            slot = continuation;
        }
    }

    @Override
    public Task create(String name, Runnable work, Consumer<Throwable> failed) {
        Task task = new Task(name);
        Runnable root = () -> {
            try {
                work.run();
            } catch (Throwable e) {
                failed.accept(e);
            }
            task.ended = true;
        };
        try {
            task.thread = (Thread) NEW_VIRTUAL_THREAD.invokeExact(scheduler, name, NO_INHERITABLE_THREAD_LOCALS, root);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot make a virtual thread with a scheduler of our own", e);
        }
        return task;
    }

    @Override
    public void resume(Task task) {
        if (current != null || task.ended) {
            throw new IllegalStateException(task.name + " cannot go on now");
        }
        current = task;
        task.parked = false;
        if (task.begun) {
            LockSupport.unpark(task.thread);
        } else {
            task.begun = true;
            task.thread.start();
        }
        Runnable continuation = slot;
        slot = null;
        if (continuation == null) {
            throw new IllegalStateException(task.name + " was not given to its scheduler");
        }
        continuation.run();
        current = null;
        if (!task.ended && !task.parked) {
            IllegalStateException stray = new IllegalStateException("task \"" + task.name
                    + "\" waits for something outside of the runtime port, here:");
            stray.setStackTrace(task.thread.getStackTrace());
            throw stray;
        }
    }

    @Override
    public void park() {
        Task self = current;
        self.parked = true;
        while (self.parked) {
            LockSupport.park();
        }
    }

    @Override
    public @Nullable Task current() {
        return current;
    }

    @Override
    public Thread loop(Runnable body) {
        loop = Thread.ofPlatform().name("simulation").stackSize(LOOP_STACK_BYTES).daemon().unstarted(body);
        return loop;
    }
}
