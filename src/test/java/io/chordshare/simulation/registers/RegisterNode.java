package io.chordshare.simulation.registers;

import io.chordshare.id.Slots;
import io.chordshare.placement.Placement;
import io.chordshare.placement.PlacementRequest;
import io.chordshare.placement.PlacementSettings;
import io.chordshare.placement.View;
import io.chordshare.register.RegisterClient;
import io.chordshare.register.RegisterReplica;
import io.chordshare.register.RegisterRequest;
import io.chordshare.register.SlotRepair;
import io.chordshare.register.SlotTransfer;
import io.chordshare.replication.ReplicaRequest;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeriodicTask;
import io.chordshare.runtime.Request;
import io.chordshare.simulation.Attachment;
import io.chordshare.simulation.SimulatedNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** The production code of placement and registers, on one simulated node. */
final class RegisterNode implements Attachment {

    final SimulatedNode node;
    final SimulatedStore store;
    final SimulatedBlocks blocks;
    final Placement placement;
    final RegisterClient registers;
    final FileClient files;
    private final RegisterReplica replica;
    private final SlotRepair repair;

    RegisterNode(SimulatedNode node, StoreDisk disk, Slots slots, PlacementSettings settings, Random random,
             Consumer<View> decided) {
        this.node = node;
        this.blocks = new SimulatedBlocks(node, disk, random);
        this.store = new SimulatedStore(node, slots, disk, random, blocks, decided);
        this.placement = new Placement(node, node.node(), ring -> slots, settings, store,
                made -> new SlotTransfer(node, made, store, blocks));
        this.replica = new RegisterReplica(node, placement, store, blocks);
        this.registers = new RegisterClient(node, placement);
        this.files = new FileClient(this);
        this.repair = new SlotRepair(node, placement, store, blocks, registers);
    }

    @Override
    @SuppressWarnings("unchecked") // each request names the type of its answer
    public <A> A answer(Request<A> request) throws PeerException {
        return switch (request) {
            case PlacementRequest<A> views -> placement.answer(views);
            case RegisterRequest<A> register -> replica.answer(register);
            case ReplicaRequest.PutBlock put -> (A) blocks.put(put);
            case ReplicaRequest.GetBlock get -> (A) blocks.get(get);
            default -> throw new IllegalArgumentException("no node answers " + request.getClass());
        };
    }

    @Override
    public void tick() {
        placement.tick();
        repair.task().tick();
        blocks.collect();
    }

    @Override
    public List<PeriodicTask> background() {
        List<PeriodicTask> tasks = new ArrayList<>(placement.tasks());
        tasks.add(repair.task());
        return tasks;
    }

    @Override
    public String toString() {
        return node.toString();
    }
}
