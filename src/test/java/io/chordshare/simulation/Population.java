package io.chordshare.simulation;

import io.chordshare.ring.protocol.RingStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Who takes part in a run: the machines that are up, those that are down and may come back, and those that left. */
final class Population {

    private static final int SEEDS_OF_A_JOINER = 3;
    /** Who is gone for so long is remembered by nobody as one who may begin the ring again. */
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

    /** Those that are to be one ring in the end. */
    List<SimulatedNode> staying() {
        return List.copyOf(up);
    }

    /** Whether the ring would end with it: nobody else who is up takes part. */
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

    /** A new machine; it is told of some members, one of which was there from the beginning. */
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

    /** The same disk, in another process. */
    void restart(SimulatedNode node) {
        down.remove(node);
        up.add(world.restart(node));
    }

    /** The same, with the address of a member that the node may never have heard of. */
    void restartThrough(SimulatedNode member, SimulatedNode node) {
        down.remove(node);
        List<String> seeds = new ArrayList<>(node.seeds());
        seeds.add(member.address());
        up.add(world.start(node.disk(), node.address(), seeds));
    }

    /** Whether it would find the ring by itself. */
    boolean knowsAMember(SimulatedNode node) {
        Set<String> known = new TreeSet<>();
        node.disk().load().filter(identity -> identity.ringId() != null)
                .ifPresentOrElse(identity -> Stream.of(identity.contacts(), identity.electors())
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
     * The same machine with an empty disk is another node. Not for so many at once that a majority of those who may
     * begin a ring again is lost for good: that is for a person to decide, and no ring gets over it by itself.
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
            // others may know nobody else, or one that is isolated may wait for just this disk
            restart(node);
        }
    }

    /** Says goodbye, and its machine is switched off once that is done. */
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

    /** Everybody may be looking for this one: it must be there in the end. */
    boolean isFounder(SimulatedNode node) {
        return node.address().equals(founder.address());
    }
}
