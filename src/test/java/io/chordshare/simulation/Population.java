package io.chordshare.simulation;

import io.chordshare.ring.protocol.RingStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The machines of a run: those that are up, those that are down and may return, and those that left. */
final class Population {

    private static final int SEEDS_OF_A_JOINER = 3;
    /** After this absence, no node remembers a node as an elector. */
    private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(60);

    private final Simulation world;
    private final Random random;
    private final List<SimulatedNode> up = new ArrayList<>();
    private final List<SimulatedNode> down = new ArrayList<>();
    private final List<SimulatedNode> departing = new ArrayList<>();
    private final List<Duration> destroyed = new ArrayList<>();
    private final SimulatedNode founder;

    Population(Simulation world, List<SimulatedNode> first) {
        this.world = world;
        this.random = world.faults();
        this.founder = first.getFirst();
        up.addAll(first);
    }

    /** The nodes that must be one ring at the end. */
    List<SimulatedNode> staying() {
        return List.copyOf(up);
    }

    /** Whether the ring would end with this node, because no other live node is in it. */
    boolean isLastMember(SimulatedNode node) {
        return up.stream().allMatch(other -> other == node || !other.state().status().isMember());
    }

    List<SimulatedNode> down() {
        return List.copyOf(down);
    }

    SimulatedNode any() {
        return up.get(random.nextInt(up.size()));
    }

    SimulatedNode newest() {
        return up.getLast();
    }

    /** Starts a new machine with some members as seeds, one of which was there from the beginning. */
    void join() {
        List<SimulatedNode> seeds = new ArrayList<>(List.of(founder));
        while (seeds.size() < SEEDS_OF_A_JOINER) {
            seeds.add(any());
        }
        up.add(world.start(seeds.toArray(SimulatedNode[]::new)));
    }

    void crash(SimulatedNode node) {
        node.crash();
        up.remove(node);
        down.add(node);
    }

    /** Starts a new process on the same disk. */
    void restart(SimulatedNode node) {
        down.remove(node);
        up.add(world.restart(node));
    }

    /** As {@link #restart}, with a member as seed that the node may never have heard of. */
    void restartThrough(SimulatedNode member, SimulatedNode node) {
        down.remove(node);
        List<String> seeds = new ArrayList<>(node.seeds());
        seeds.add(member.address());
        up.add(world.start(node.disk(), node.address(), seeds));
    }

    /** Whether the node would find the ring by itself. */
    boolean knowsAMember(SimulatedNode node) {
        Set<String> known = new TreeSet<>();
        node.disk().load().filter(identity -> identity.ringId() != null)
                .ifPresentOrElse(identity -> Stream.of(identity.knownPeers(), identity.electors())
                .flatMap(List::stream).forEach(peer -> known.add(peer.address())), () -> known.addAll(node.seeds()));
        return members().anyMatch(member -> known.contains(member.address()));
    }

    SimulatedNode anyMember() {
        List<SimulatedNode> members = members().toList();
        return members.get(random.nextInt(members.size()));
    }

    private Stream<SimulatedNode> members() {
        return up.stream().filter(node -> node.state().status().isMember());
    }

    /**
     * Starts the same machine with an empty disk, as another node. Not for so many nodes that a majority of the
     * electors is lost for good: no ring recovers from that by itself, and a person must decide.
     */
    void replace(SimulatedNode node) {
        Duration now = world.now();
        destroyed.removeIf(at -> now.minus(at).compareTo(FORGOTTEN_AFTER) > 0);
        long members = up.stream().filter(other -> other.state().status() == RingStatus.MEMBER).count();
        if (members > 2L * (destroyed.size() + 1) && !isFounder(node)) {
            destroyed.add(now);
            down.remove(node);
            up.add(world.replace(node, founder, any()));
        } else {
            // others may know no other node, or an isolated node may wait for this disk
            restart(node);
        }
    }

    /** The node leaves, and its machine is switched off afterwards. */
    void leave(SimulatedNode node, boolean forGood) {
        up.remove(node);
        departing.add(node);
        node.start("leave", () -> {
            node.node().setLeaving(true);
            node.node().depart(forGood);
            node.node().stop();
            world.after(Duration.ZERO, () -> {
                node.crash(SimulatedNode.Crash.PROCESS);
                departing.remove(node);
                down.add(node);
            });
        });
    }

    boolean isAnybodyLeaving() {
        return !departing.isEmpty();
    }

    /** All nodes may be looking for this one, so it must be up at the end. */
    boolean isFounder(SimulatedNode node) {
        return node.address().equals(founder.address());
    }
}
