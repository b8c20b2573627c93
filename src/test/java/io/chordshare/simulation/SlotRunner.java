package io.chordshare.simulation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tasks are virtual threads whose scheduler is a slot for one continuation: starting or unparking a task only puts it
 * there, and the loop runs it like a method call. So there is no hand-over between threads at all, and a task that
 * waits for anything but the port is noticed at once, because its continuation returns without having said so.
 *
 * <p>The builder that takes a scheduler is package-private in JDK 25; the tests' JVM opens {@code java.lang} to us.
 */
final class SlotRunner implements TaskRunner {

    /** Deep recursion in a task uses the stack of the thread that carries it. */
    private static final long LOOP_STACK_BYTES = 64L << 20;
    /** No inherited thread-locals: a task must not see what happened to be set in the thread that started it. */
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
        // a real timer that wakes a task of a run which has failed already must not disturb the next one
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
