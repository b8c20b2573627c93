package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.LookupFailedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A run with everything: joins, crashes, restarts, pauses, skewed clocks, losses and partitions. */
final class Scenario {

    private Scenario() {}

    /** For a JVM of its own. */
    public static void main(String[] args) {
        System.out.println(run(1, Simulation.Tasks.IN_A_SLOT));
    }

    /** The hash of the whole run, as text. */
    static String run(long seed, Simulation.Tasks tasks) {
        Simulation world = new Simulation(seed, Simulation.DEFAULT_SUCCESSORS, tasks);
        List<SimulatedNode> nodes = new ArrayList<>(world.ideal(30));
        Random faults = world.faults();
        world.network().setLoss(0.02);
        world.network().setDuplication(0.02);
        for (int event = 0; event < 40; event++) {
            int index = faults.nextInt(nodes.size());
            SimulatedNode node = nodes.get(index);
            switch (faults.nextInt(8)) {
                case 0 -> node.crash();
                case 1 -> nodes.set(index, world.restart(node));
                case 2 -> nodes.add(world.start(nodes.get(faults.nextInt(nodes.size()))));
                case 3 -> {
                    node.pause();
                    world.after(Duration.ofMillis(faults.nextInt(4000)), node::goOn);
                }
                case 4 -> node.setClockRate(0.9 + faults.nextDouble() / 5);
                case 5 -> {
                    world.network().partition(List.of(nodes.subList(0, index), nodes.subList(index, nodes.size())));
                    world.after(Duration.ofMillis(faults.nextInt(3000)), world.network()::heal);
                }
                case 6 -> node.setHandling(Duration.ofMillis(faults.nextInt(20)));
                default -> world.network().setLatency(node.address(), nodes.getFirst().address(),
                        Latency.fixed(Duration.ofMillis(40)));
            }
            if (node.isUp()) {
                node.start("lookup", () -> lookup(node, ChordId.random(node.random())));
            }
            world.run(Duration.ofMillis(500));
        }
        return "%016x of %d entries, %d events, at %s".formatted(world.log().hash(), world.log().entries(),
                world.events(), world.now());
    }

    private static void lookup(SimulatedNode node, ChordId key) {
        try {
            node.node().lookup(key);
        } catch (LookupFailedException e) {
            node.note(EventLog.Kind.FAULT, e.getMessage());
        }
    }
}
