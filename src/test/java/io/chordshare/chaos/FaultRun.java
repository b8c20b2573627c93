package io.chordshare.chaos;

import io.chordshare.chaos.Fault.Kill;
import io.chordshare.chaos.Fault.Leave;
import io.chordshare.chaos.Fault.OneWay;
import io.chordshare.chaos.Fault.Pause;
import io.chordshare.chaos.Fault.Split;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Applies the faults of a plan to real processes in order, and prints when each really happened. */
final class FaultRun {

    /** The effect of a split is checked this long before it heals: longer than the timeout for a node that is down. */
    private static final Duration LOOK_BEFORE = Duration.ofSeconds(5);

    private final List<Fault> plan;
    private final List<ProcessNode> nodes;
    private final NodeNetwork network;
    private final long start = System.nanoTime();

    private FaultRun(List<Fault> plan, List<ProcessNode> nodes, NodeNetwork network) {
        this.plan = plan;
        this.nodes = nodes;
        this.network = network;
    }

    /** Returns when the last fault is over. Restarted nodes may still be starting. */
    static void of(List<Fault> plan, List<ProcessNode> nodes, NodeNetwork network) {
        FaultRun run = new FaultRun(plan, nodes, network);
        // one thread, so that no node is killed while another fault is starting it
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
                ScheduledExecutorService observer = Executors.newSingleThreadScheduledExecutor()) {
            List<Future<?>> events = new ArrayList<>();
            for (int number = 0; number < plan.size(); number++) {
                int fault = number;
                events.add(run.schedule(clock, plan.get(fault).from(), () -> run.begin(fault)));
                events.add(run.schedule(clock, plan.get(fault).until(), () -> run.end(fault)));
                if (plan.get(fault) instanceof Split split) {
                    run.schedule(observer, split.until().minus(LOOK_BEFORE),
                            () -> run.say(fault, RingReport.loops(nodes)));
                }
            }
            try {
                for (Future<?> event : events) {
                    event.get();
                }
            } finally {
                clock.shutdownNow();
                observer.shutdownNow();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("the faults could not go on", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Future<?> schedule(ScheduledExecutorService clock, Duration at, Runnable event) {
        return clock.schedule(event, start + at.toNanos() - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    private void begin(int number) {
        Fault fault = plan.get(number);
        switch (fault) {
            case Kill kill -> at(kill.nodes()).forEach(ProcessNode::killWithoutWaiting);
            case Pause pause -> at(pause.nodes()).forEach(ProcessNode::pause);
            case Leave leave -> at(leave.nodes()).forEach(node -> node.client.leave(Duration.ZERO));
            case Split split -> network.cut(number, split.cuts());
            case OneWay oneWay -> network.cut(number, oneWay.cuts());
        }
        say(number, fault + ", for " + seconds(fault.until().minus(fault.from())));
    }

    private void end(int number) {
        Fault fault = plan.get(number);
        switch (fault) {
            case Kill kill -> at(kill.nodes()).forEach(node -> {
                node.awaitEnd();
                node.start();
            });
            case Pause pause -> at(pause.nodes()).forEach(ProcessNode::carryOn);
            case Leave leave -> at(leave.nodes()).forEach(node -> ProcessRing.comeBack(node, nodes));
            case Split split -> network.heal(number, split.cuts());
            case OneWay oneWay -> network.heal(number, oneWay.cuts());
        }
        say(number, "over: " + fault);
    }

    private List<ProcessNode> at(List<Integer> numbers) {
        return numbers.stream().map(nodes::get).toList();
    }

    private void say(int number, String what) {
        System.out.printf("  %8s  #%d %s%n", seconds(Duration.ofNanos(System.nanoTime() - start)), number, what);
    }

    private static String seconds(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1e3);
    }
}
