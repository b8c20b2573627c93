package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.RingTestAccess;
import io.chordshare.ring.membership.IdentityStore.Identity;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Builds a ring in its ideal state, because growing a ring of thousands would take hours. */
final class IdealRing {


    private final Simulation world;
    private final int size;

    IdealRing(Simulation world, int size) {
        this.world = world;
        this.size = size;
    }

    List<SimulatedNode> place() {
        SplittableRandom random = world.fork("ideal ring");
        String ringId = ChordId.random(random).toString();
        TreeSet<ChordId> ids = new TreeSet<>();
        while (ids.size() < size) {
            ids.add(ChordId.random(random));
        }
        List<Peer> members = new ArrayList<>(size);
        // the disk of a started node records one start
        ids.forEach(id -> members.add(new Peer(id, world.newAddress(), 1)));
        List<Peer> electors = members.stream().limit(RingTestAccess.MAX_ELECTORS).toList();
        List<SimulatedNode> nodes = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            Peer self = members.get(i);
            SimulatedDisk disk = new SimulatedDisk();
            disk.save(new Identity(self.id(), 0, ringId, false, electors,
                    RingTestAccess.neighbours(members, i, world.successors())));
            SimulatedNode node = world.place(disk, self.address(), List.of());
            RingTestAccess.place(node.node(), RingTestAccess.ideal(members, i, world.successors(), ringId));
            nodes.add(node);
        }
        nodes.forEach(node -> node.startTicking(true));
        return nodes;
    }
}
