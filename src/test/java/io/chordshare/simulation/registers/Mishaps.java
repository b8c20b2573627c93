package io.chordshare.simulation.registers;

import io.chordshare.placement.PlacementRequest;
import io.chordshare.register.RegisterRequest;
import io.chordshare.replication.ReplicaRequest;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.Request;
import io.chordshare.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What happens to messages of one kind for a moment: they are late or lost, everywhere or at one node. It finds what
 * must not depend on the order or the arrival of single messages.
 */
final class Mishaps {

    /** Those that decide something come more often. */
    static final List<Class<? extends Request<?>>> KINDS = List.of(PlacementRequest.PrepareViews.class,
            PlacementRequest.AcceptViews.class, PlacementRequest.AcceptViews.class,
            PlacementRequest.DecidedViews.class, PlacementRequest.DecidedViews.class, PlacementRequest.GetSlots.class,
            PlacementRequest.GetSlots.class, PlacementRequest.LearnSlots.class,
            PlacementRequest.LeavingNode.class, RegisterRequest.Read.class,
            RegisterRequest.Promise.class, RegisterRequest.Write.class, RegisterRequest.Write.class,
            RegisterRequest.Write.class, RegisterRequest.GetDigests.class, RegisterRequest.ListSlot.class,
            RegisterRequest.GetRegisters.class, ReplicaRequest.PutBlock.class, ReplicaRequest.GetBlock.class);

    private static final int LONGEST_MILLIS = 1500;
    private static final int MOST_LATE_MILLIS = 1000;
    private static final double LEAST_PART = 0.3;
    /** Writes of a node reach one other; they are late; none reaches a member; a node hears of slots late; else. */
    private static final int CASES = 8;

    private final Random random;
    private final List<Mishap> mishaps = new ArrayList<>();

    Mishaps(Random random) {
        this.random = random;
    }

    /** What becomes of a message. */
    enum Fate { REQUEST_LATE, REQUEST_LOST, ANSWER_LATE, ANSWER_LOST }

    /**
     * @param from null for any; as with {@code to}, an address
     * @param but  to this address nothing happens
     */
    private record Mishap(Class<?> kind, @Nullable String from, @Nullable String to, @Nullable String but, Fate fate,
                          double part, Duration until) {

        boolean concerns(String asker, String asked, Request<?> request) {
            return kind.isInstance(request) && (from == null || from.equals(asker))
                    && (to == null || to.equals(asked)) && !asked.equals(but);
        }
    }

    /** From now on, and for a while. */
    void begin(Duration now, List<SimulatedNode> nodes) {
        Duration until = now.plusMillis(random.nextInt(LONGEST_MILLIS));
        String node = any(nodes);
        switch (random.nextInt(CASES)) {
            case 0 -> mishaps.add(new Mishap(RegisterRequest.Write.class, node, null, any(nodes), Fate.REQUEST_LOST, 1,
                    until));
            case 1 -> mishaps.add(new Mishap(RegisterRequest.Write.class, node, null, null, Fate.REQUEST_LATE, 1,
                    until));
            case 2 -> {
                mishaps.add(new Mishap(RegisterRequest.Write.class, null, node, null, Fate.REQUEST_LOST, 1, until));
                mishaps.add(new Mishap(RegisterRequest.Promise.class, null, node, null, Fate.REQUEST_LOST, 1, until));
            }
            case 3 -> mishaps.add(new Mishap(PlacementRequest.GetSlots.class, node, null, null, Fate.ANSWER_LATE, 1,
                    until));
            default -> mishaps.add(new Mishap(KINDS.get(random.nextInt(KINDS.size())),
                    random.nextInt(3) == 0 ? any(nodes) : null, random.nextInt(3) > 0 ? node : null, null,
                    Fate.values()[random.nextInt(Fate.values().length)],
                    LEAST_PART + (1 - LEAST_PART) * random.nextDouble(), until));
        }
    }

    /** Loses half of the messages of this kind until that time. */
    void scatter(Class<?> kind, Duration until) {
        mishaps.add(new Mishap(kind, null, null, null, Fate.REQUEST_LOST, 1.0 / 2, until));
    }

    private String any(List<SimulatedNode> nodes) {
        return nodes.get(random.nextInt(nodes.size())).address();
    }

    /** What happens to this one; null for nothing. */
    @Nullable Fate of(Duration now, SimulatedNode asker, Peer asked, Request<?> request) {
        if (mishaps.isEmpty()) {
            return null;
        }
        mishaps.removeIf(mishap -> mishap.until().compareTo(now) <= 0);
        for (Mishap mishap : mishaps) {
            if (mishap.concerns(asker.address(), asked.address(), request) && random.nextDouble() < mishap.part()) {
                return mishap.fate();
            }
        }
        return null;
    }

    /** How late a message is. */
    Duration late() {
        return Duration.ofMillis(random.nextInt(MOST_LATE_MILLIS));
    }

    void end() {
        mishaps.clear();
    }
}
