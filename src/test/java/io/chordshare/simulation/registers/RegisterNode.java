package io.chordshare.simulation.registers;

import io.chordshare.placement.Placement;
import io.chordshare.placement.PlacementRequest;
import io.chordshare.placement.SlotState;
import io.chordshare.register.RegisterClient;
import io.chordshare.register.RegisterReplica;
import io.chordshare.register.RegisterRequest;
import io.chordshare.register.SlotRepair;
import io.chordshare.register.SlotTransfer;
import io.chordshare.replication.ReplicaRequest;
import io.chordshare.runtime.NodeRuntime;
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
    final NodeRuntime runtime;
    final SimulatedStore store;
    final SimulatedBlocks blocks;
    final Placement placement;
    final RegisterClient registers;
    final FileClient files;
    private final Ambushes ambushes;
    private final RegisterReplica replica;
    private final SlotRepair repair;

    /** @param saves hears of every state of a slot that is about to be saved */
    RegisterNode(SimulatedNode node, StoreDisk disk, RegisterRing ring, Placement.Settings settings, Random random,
                 Consumer<SlotState> saves) {
        this.node = node;
        this.ambushes = ring.ambushes;
        this.runtime = new MeddledRuntime(node, ring.mishaps);
        this.blocks = new SimulatedBlocks(runtime, disk, random);
        this.store = new SimulatedStore(node, ring.slots, disk, random, blocks, saves);
        this.placement = new Placement(runtime, node.node(), id -> ring.slots, settings, store,
                made -> new SlotTransfer(runtime, made, store, blocks));
        this.replica = new RegisterReplica(runtime, placement, store, blocks);
        this.registers = new RegisterClient(runtime, placement);
        this.files = new FileClient(this);
        this.repair = new SlotRepair(runtime, placement, store, blocks, registers);
        // uploads that a crash has interrupted
        blocks.collect(store.records());
    }

    @Override
    @SuppressWarnings("unchecked") // each request names the type of its answer
    public <A> A answer(Request<A> request) throws PeerException {
        A answer = switch (request) {
            case PlacementRequest<A> views -> placement.answer(views);
            case RegisterRequest<A> register -> replica.answer(register);
            case ReplicaRequest.PutBlock put -> (A) blocks.put(put);
            case ReplicaRequest.GetBlock get -> (A) blocks.get(get);
            default -> throw new IllegalArgumentException("no node answers " + request.getClass());
        };
        ambushes.answers(this, request);
        return answer;
    }

    @Override
    public void tick() {
        placement.tick();
        repair.task().tick();
        blocks.collect(store.records());
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
