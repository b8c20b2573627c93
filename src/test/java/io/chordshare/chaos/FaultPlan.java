package io.chordshare.chaos;

import io.chordshare.chaos.Fault.Kill;
import io.chordshare.chaos.Fault.Leave;
import io.chordshare.chaos.Fault.OneWay;
import io.chordshare.chaos.Fault.Pause;
import io.chordshare.chaos.Fault.Split;
import io.chordshare.chaos.NodeNetwork.Loss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The faults of a run, drawn from the seed before the first fault. So the same seed, number of nodes and length give
 * the same faults at the same times, whatever the nodes do.
 */
final class FaultPlan {

    private static final Duration SHORTEST_GAP = Duration.ofSeconds(1);
    private static final Duration LONGEST_GAP = Duration.ofSeconds(8);
    /** At times the ring gets a rest. Otherwise faults would only hit a ring that is already broken. */
    private static final Duration CALM = Duration.ofSeconds(15);
    private static final int CALM_ONE_IN = 5;
    /** From an immediate restart to one after the dead nodes' files were copied elsewhere. */
    private static final Duration SHORTEST_DOWN = Duration.ofMillis(500);
    private static final Duration LONGEST_DOWN = Duration.ofSeconds(20);
    /** From a pause that no node notices to one that looks like a death. */
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    /** Longer than failure detection, so that each part becomes a ring of its own. */
    private static final Duration SHORTEST_CUT = Duration.ofSeconds(10);
    private static final Duration LONGEST_CUT = Duration.ofSeconds(40);

    private enum Kind {
        KILL_ONE, KILL_SEVERAL, KILL_MOST, PAUSE, SPLIT_IN_TWO, SPLIT_IN_THREE, ONE_WAY
    }

    /** Drawn from after each kind was used once. The number of occurrences is the weight. */
    private static final List<Kind> MIX = List.of(
            Kind.KILL_ONE, Kind.KILL_ONE, Kind.KILL_ONE, Kind.KILL_SEVERAL,
            Kind.PAUSE, Kind.PAUSE, Kind.PAUSE, Kind.SPLIT_IN_TWO, Kind.SPLIT_IN_THREE, Kind.ONE_WAY);

    private final Random random;
    private final int nodes;
    private final Duration length;
    private final List<Fault> faults = new ArrayList<>();
    private final List<Kind> turns = new ArrayList<>(List.of(Kind.values()));

    private FaultPlan(long seed, int nodes, Duration length) {
        this.random = new Random(seed);
        this.nodes = nodes;
        this.length = length;
        Collections.shuffle(turns, random);
        // drawn last, because cutting a ring that is mostly down shows little
        turns.remove(Kind.KILL_MOST);
        turns.addFirst(Kind.KILL_MOST);
    }

    /** The faults in order of their start. All end within {@code length}. */
    static List<Fault> of(long seed, int nodes, Duration length) {
        FaultPlan plan = new FaultPlan(seed, nodes, length);
        Duration at = plan.between(SHORTEST_GAP, LONGEST_GAP);
        while (at.compareTo(length) < 0) {
            plan.draw(at);
            boolean calm = plan.random.nextInt(CALM_ONE_IN) == 0;
            at = at.plus(plan.between(SHORTEST_GAP, LONGEST_GAP)).plus(calm ? CALM : Duration.ZERO);
        }
        return List.copyOf(plan.faults);
    }

    private void draw(Duration at) {
        Kind kind = turns.isEmpty() ? MIX.get(random.nextInt(MIX.size())) : turns.removeLast();
        switch (kind) {
            case KILL_ONE -> kill(at, 1);
            case KILL_SEVERAL -> kill(at, 2 + random.nextInt(3));
            case KILL_MOST -> kill(at, nodes / 2 + 1);
            case PAUSE -> pause(at, 1 + random.nextInt(3));
            case SPLIT_IN_TWO -> split(at, 2);
            case SPLIT_IN_THREE -> split(at, 3);
            case ONE_WAY -> oneWay(at);
        }
    }

    private void kill(Duration at, int count) {
        List<Integer> victims = someRunning(at, count);
        if (!victims.isEmpty()) {
            faults.add(new Kill(at, end(at, SHORTEST_DOWN, LONGEST_DOWN), victims));
        }
    }

    private void pause(Duration at, int count) {
        List<Integer> victims = someRunning(at, count);
        if (!victims.isEmpty()) {
            faults.add(new Pause(at, end(at, SHORTEST_PAUSE, LONGEST_PAUSE), victims));
        }
    }

    /** One split at a time, because two at once are just one split into more parts. */
    private void split(Duration at, int count) {
        if (anyAt(at, fault -> fault instanceof Split)) {
            pause(at, 1);
            return;
        }
        List<Integer> all = shuffled();
        List<List<Integer>> parts = new ArrayList<>();
        for (int part = 0; part < count; part++) {
            // each part gets at least one node, and every node is in a part
            parts.add(new ArrayList<>(List.of(all.get(part))));
        }
        all.stream().skip(count).forEach(node -> parts.get(random.nextInt(count)).add(node));
        parts.forEach(Collections::sort);
        faults.add(new Split(at, end(at, SHORTEST_CUT, LONGEST_CUT), parts));
    }

    private void oneWay(Duration at) {
        List<Integer> all = shuffled();
        int senders = 1 + random.nextInt(Math.max(1, nodes / 4));
        int receivers = 1 + random.nextInt(nodes - senders);
        Loss loss = Loss.values()[random.nextInt(Loss.values().length)];
        faults.add(new OneWay(at, end(at, SHORTEST_CUT, LONGEST_CUT), sorted(all.subList(0, senders)),
                sorted(all.subList(senders, senders + receivers)), loss));
    }

    /**
     * Up to {@code count} nodes that are neither killed nor paused at that time. A node that is still restarting counts
     * as running.
     */
    private List<Integer> someRunning(Duration at, int count) {
        List<Integer> running = shuffled();
        running.removeIf(node -> anyAt(at, fault -> switch (fault) {
            case Kill kill -> kill.nodes().contains(node);
            case Pause pause -> pause.nodes().contains(node);
            case Leave leave -> leave.nodes().contains(node);
            case Split split -> false;
            case OneWay oneWay -> false;
        }));
        return sorted(running.subList(0, Math.min(count, running.size())));
    }

    private boolean anyAt(Duration at, Predicate<Fault> what) {
        return faults.stream().anyMatch(fault -> fault.until().compareTo(at) >= 0 && what.test(fault));
    }

    private Duration end(Duration at, Duration shortest, Duration longest) {
        Duration end = at.plus(between(shortest, longest));
        return end.compareTo(length) < 0 ? end : length;
    }

    private List<Integer> shuffled() {
        List<Integer> all = new ArrayList<>(IntStream.range(0, nodes).boxed().toList());
        Collections.shuffle(all, random);
        return all;
    }

    private static List<Integer> sorted(List<Integer> nodes) {
        return nodes.stream().sorted().toList();
    }

    private Duration between(Duration shortest, Duration longest) {
        return Duration.ofMillis(random.nextLong(shortest.toMillis(), longest.toMillis() + 1));
    }
}
