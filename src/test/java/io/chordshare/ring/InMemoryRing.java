package io.chordshare.ring;

import io.chordshare.simulation.Latency;
import io.chordshare.simulation.SimulatedDisk;
import io.chordshare.simulation.SimulatedNode;
import io.chordshare.simulation.Simulation;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;

/**
 * A simulation for the ring's own tests: it counts time in stabilize periods, cuts links in both directions, and aims
 * at one ordered ring.
 */
public final class InMemoryRing {

    final Simulation world;
    public final Random random;

    public InMemoryRing(long seed) {
        this(seed, Simulation.DEFAULT_SUCCESSORS);
    }

    public InMemoryRing(long seed, int successors) {
        world = new Simulation(seed, successors);
        random = new Random(world.seed());
    }

    int successors() {
        return world.successors();
    }

    // -- machines ----------------------------------------------------------------------------------------------------

    /** Starts a new machine with an empty disk. Without seeds it founds a ring. */
    public SimulatedNode start(SimulatedNode... seeds) {
        return world.start(seeds);
    }

    public SimulatedNode start(SimulatedDisk disk, String address, SimulatedNode... seeds) {
        return world.start(disk, address, Arrays.stream(seeds).map(SimulatedNode::address).toList());
    }

    public String newAddress() {
        return world.newAddress();
    }

    SimulatedNode restart(SimulatedNode before) {
        return world.restart(before);
    }

    SimulatedNode restart(SimulatedNode before, String address) {
        return world.restart(before, address);
    }

    /** Starts {@code size} nodes one by one, each through a random member, and waits until the ring is in order. */
    public List<SimulatedNode> grow(int size) {
        List<SimulatedNode> nodes = world.grow(size);
        assertBecomesOneRing(nodes, 60);
        return nodes;
    }

    // -- time --------------------------------------------------------------------------------------------------------

    public void run(Duration duration) {
        world.run(duration);
    }

    public boolean runUntil(Callable<Boolean> condition, int periods) {
        return world.runUntil(condition, SimulatedNode.PERIOD.multipliedBy(periods));
    }

    /** Runs {@code work} as a task of {@code node} and lets time pass until the task ends. */
    public <T> T ask(SimulatedNode node, Callable<T> work) throws Exception {
        return world.ask(node, work);
    }

    public void assertBecomesOneRing(Collection<SimulatedNode> members, int periods) {
        runUntil(() -> RingOracle.problems(members, successors()).isEmpty(), periods);
        List<String> problems = RingOracle.problems(members, successors());
        if (!problems.isEmpty()) {
            throw world.failure(new AssertionError("after " + periods + " periods: " + problems));
        }
    }

    // -- network -----------------------------------------------------------------------------------------------------

    /** From now on no message passes, in either direction, between two nodes for which {@code cut} holds. */
    void cut(BiPredicate<SimulatedNode, SimulatedNode> cut) {
        world.network().cut((from, to) -> cut.test(from, to) || cut.test(to, from));
    }

    void cutOff(SimulatedNode alone) {
        cut((from, to) -> from != to && (from == alone || to == alone));
    }

    void setLatency(String from, String to, Latency latency) {
        world.network().setLatency(from, to, latency);
    }

    void heal() {
        world.network().heal();
    }

    /** Number of messages of a kind since {@link #forgetMessages}. */
    public int messages(Class<?> kind) {
        return (int) world.network().messages(kind);
    }

    public void forgetMessages() {
        world.network().forgetMessages();
    }
}
