package io.chordshare.simulation.files;

import io.chordshare.files.FileService;
import io.chordshare.placement.PlacementRequest;
import io.chordshare.register.RegisterRequest;
import io.chordshare.replication.FileRegister;
import io.chordshare.replication.FilesSettings;
import io.chordshare.replication.ReplicaRequest;
import io.chordshare.replication.Replication;
import io.chordshare.replication.blocks.BufferBudget;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeriodicTask;
import io.chordshare.runtime.Request;
import io.chordshare.simulation.Attachment;
import io.chordshare.simulation.SimulatedNode;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.StoreHost;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A whole node on one simulated process: the production code, and its store on the machine's directory. */
final class FileNode implements Attachment {

    private static final int BUDGET_BYTES = 64 * 1024 * 1024;

    final SimulatedNode node;
    final Machine machine;
    final NodeStore store;
    final Replication replication;
    final FileService files;
    private final SimulatedWriter writer;
    private boolean dead;
    private boolean lies;

    FileNode(SimulatedNode node, Machine machine, FilesSettings settings, Random random) {
        this.node = node;
        this.machine = machine;
        SimulatedWriter[] made = new SimulatedWriter[1];
        StoreHost host = new StoreHost(() -> node.uptime().toNanos(), node::wallClock,
                () -> Long.toHexString(random.nextLong()), commits -> {
            made[0] = new SimulatedWriter(node, random, commits);
            return made[0];
        }, directory -> machine::freeBytes);
        this.store = NodeStore.open(machine.directory, 0, Duration.ZERO, host);
        this.writer = Objects.requireNonNull(made[0]);
        writer.opened();
        BufferBudget budget = new BufferBudget(node, BUDGET_BYTES);
        this.replication = new Replication(node, node.node(), store, settings, budget);
        this.files = new FileService(node, store, new FileRegister(node, node.node(), replication), replication,
                budget);
    }

    @Override
    @SuppressWarnings("unchecked") // each request names the type of its answer
    public <A> A answer(Request<A> request) throws PeerException {
        return switch (request) {
            case PlacementRequest<A> views -> replication.placement().answer(views);
            case RegisterRequest<A> register -> replication.registerReplica().answer(register);
            case ReplicaRequest.GetBlock block when lies -> (A) corrupt(replication.replica().answer(block));
            case ReplicaRequest<A> replica -> replication.replica().answer(replica);
            default -> throw new IllegalArgumentException("no node answers " + request.getClass());
        };
    }

    @Override
    public void tick() {
        replication.tick();
    }

    @Override
    public List<PeriodicTask> background() {
        return replication.background();
    }

    private static byte[] corrupt(byte[] block) {
        byte[] other = block.clone();
        other[other.length / 2] ^= 1;
        return other;
    }

    /** Whether blocks leave this node with another bit than they have on its disk. */
    void setLies(boolean lies) {
        this.lies = lies;
    }

    void setSlowness(Duration slowness) {
        writer.setSlowness(slowness);
    }

    /** The process is gone: what was not durable is lost, and the directory can be opened again. */
    void die() {
        if (!dead) {
            dead = true;
            writer.die();
            store.close();
        }
    }

    /** The ring that it is in; null for none. */
    @Nullable String ring() {
        return node.state().ringId();
    }

    @Override
    public String toString() {
        return node.toString();
    }
}
