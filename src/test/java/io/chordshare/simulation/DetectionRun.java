package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.RingListener.DepartureCause;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Measures the failure detector: how soon the neighbours of a crashed node know, and how many live nodes are declared
 * dead. One node crashes at a time and restarts a minute later.
 */
final class DetectionRun implements Observer {

    /** Long enough that one crash does not hide another. */
    private static final Duration CRASH_EVERY = Duration.ofSeconds(20);
    private static final Duration BACK_AFTER = Duration.ofSeconds(60);
    /** A detection that takes longer has failed and counts as this long. */
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int SLOWEST_MILLIS = 1_000;
    private static final int SLOW_MILLIS = 100;

    private final Simulation world;
    private final List<SimulatedNode> nodes;
    private final Map<ChordId, Map<SimulatedNode, Duration>> unaware = new LinkedHashMap<>();
    private final List<Duration> detections = new ArrayList<>();
    private final List<Duration> byHealthyNodes = new ArrayList<>();
    private final List<Duration> bySlowNodes = new ArrayList<>();
    private final List<String> falseDeaths = new ArrayList<>();
    private int crashes;

    /**
     * @param detected       times until a neighbour knew, one per crash and neighbour, sorted
     * @param byHealthyNodes those of neighbours with normal speed
     * @param bySlowNodes    those of slow neighbours
     * @param falseDeaths    live nodes that were declared dead, as text
     * @param pings          requests of the detector per node and second
     */
    record Result(int nodes, Duration time, double loss, double slow, int crashes, List<Duration> detected,
                  List<Duration> byHealthyNodes, List<Duration> bySlowNodes, List<String> falseDeaths, double pings) {

        Duration percentile(double share) {
            return percentile(detected, share);
        }

        private static Duration percentile(List<Duration> sorted, double share) {
            return sorted.isEmpty() ? Duration.ZERO
                    : sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
        }

        private static double seconds(Duration duration) {
            return duration.toMillis() / 1e3;
        }

        @Override
        public String toString() {
            return ("%d nodes, %d min, %.0f %% loss, %.0f %% slow: %d crashes, known after %.2f s (median), %.2f s "
                    + "(99th),"
                    + " %.2f s (last); at healthy nodes %.2f s (99th), at slow ones %.2f s (99th); %d false deaths;"
                    + " %.1f pings a node and"
                    + " second").formatted(nodes, time.toMinutes(), loss * 100, slow * 100, crashes,
                    seconds(percentile(0.5)), seconds(percentile(0.99)), seconds(detected.getLast()),
                    seconds(percentile(byHealthyNodes, 0.99)), seconds(percentile(bySlowNodes, 0.99)),
                    falseDeaths.size(), pings);
        }
    }

    private DetectionRun(Simulation world, int size) {
        this.world = world;
        this.nodes = new ArrayList<>(world.ideal(size));
        world.observe(this);
    }

    static Result of(long seed, int size, Duration time, double loss, double slow) {
        Simulation world = new Simulation(seed);
        DetectionRun run = new DetectionRun(world, size);
        world.network().setLoss(loss);
        Random faults = world.faults();
        for (SimulatedNode node : run.nodes) {
            if (faults.nextDouble() < slow) {
                node.setHandling(Duration.ofMillis(faults.nextInt(SLOW_MILLIS, SLOWEST_MILLIS)));
            }
        }
        while (world.now().compareTo(time) < 0) {
            world.run(CRASH_EVERY);
            run.crashOne(faults.nextInt(run.nodes.size()));
        }
        world.run(LONGEST);
        run.unaware.values().forEach(waiting -> waiting.keySet().forEach(node -> run.knew(node, LONGEST)));
        long pings = world.network().messages(RingRequest.Ping.class)
                + world.network().messages(RingRequest.PingReq.class);
        return new Result(size, time, loss, slow, run.crashes, run.detections.stream().sorted().toList(),
                run.byHealthyNodes.stream().sorted().toList(), run.bySlowNodes.stream().sorted().toList(),
                run.falseDeaths, (double) pings / size / world.now().toSeconds());
    }

    private void crashOne(int index) {
        SimulatedNode victim = nodes.get(index);
        if (!victim.isUp() || !victim.state().status().isMember() || victim.state().successors().isEmpty()) {
            return;
        }
        Map<SimulatedNode, Duration> waiting = new LinkedHashMap<>();
        for (SimulatedNode node : nodes) {
            if (node != victim && node.isUp() && pointsTo(node.state(), victim.self().id())) {
                waiting.put(node, world.now());
            }
        }
        unaware.put(victim.self().id(), waiting);
        crashes++;
        victim.crash();
        world.after(BACK_AFTER, () -> nodes.set(index, world.restart(victim)));
    }

    private void knew(SimulatedNode node, Duration after) {
        detections.add(after);
        (node.handling().isZero() ? byHealthyNodes : bySlowNodes).add(after);
    }

    private static boolean pointsTo(RingState state, ChordId id) {
        return state.successors().stream().anyMatch(peer -> peer.id().equals(id))
                || state.predecessor() != null && state.predecessor().id().equals(id);
    }

    @Override
    public void changed(SimulatedNode node, RingState before, RingState after) {
        unaware.forEach((id, waiting) -> {
            if (waiting.containsKey(node) && !pointsTo(after, id)) {
                knew(node, world.now().minus(waiting.remove(node)));
            }
        });
        unaware.values().removeIf(Map::isEmpty);
    }

    @Override
    public void gave(SimulatedNode node, Peer peer, DepartureCause how) {
        boolean alive = world.up().stream().anyMatch(process -> process.self().sameNode(peer)
                && process.self().address().equals(peer.address()) && process.state().status().isMember()
                && process.self().incarnation() == peer.incarnation());
        if (alive && how == DepartureCause.DEAD) {
            falseDeaths.add(world.now() + ": " + node + " declared dead " + peer);
        }
    }
}
