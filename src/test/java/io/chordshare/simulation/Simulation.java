package io.chordshare.simulation;

import io.chordshare.id.Slots;
import io.chordshare.ring.RingSettings;
import io.chordshare.ring.RingTestAccess;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The world of one run: machines, the network between them, and virtual time. Everything follows from one seed, with a
 * separate random stream per concern, so that one more message does not shift the faults.
 *
 * <p>Time passes only in {@link #run}, {@link #runUntil} and {@link #ask}. Between these calls, a test may do anything
 * to nodes and network. {@link #after} schedules actions within them. A failed run throws a {@link SimulationFailure},
 * which names the command that repeats it.
 */
public final class Simulation {

    /** Overrides the seed of every simulation, to repeat a run: {@code -Dchordshare.seed=…}. */
    static final String SEED_PROPERTY = "chordshare.seed";

    /** The default length of successor lists in production. */
    public static final int DEFAULT_SUCCESSORS = 4;
    /** Checking after every event would cost more than the run itself. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    /** Everything that a test asks a node to do ends within this time. */
    private static final Duration LONGEST_ASK = Duration.ofMinutes(5);

    /** The kernel that runs the tasks. Both must agree on every run. */
    public enum Tasks {
        /** Fast, with package-private API of the JDK. */
        IN_A_SLOT,
        /** With the public JDK only. */
        BY_BATON
    }

    private final long seed;
    private final int successors;
    private final Kernel kernel;
    private final EventLog log = new EventLog();
    private final SimulatedNetwork network;
    private final Observers observers;
    private final Random faults;
    private final String test = Replay.callingTest();
    private final List<SimulatedNode> processes = new ArrayList<>();
    private Pace pace = Pace.PRODUCTION;
    private Slots slots = new Slots(Slots.DEFAULT_COUNT);
    private @Nullable Function<SimulatedNode, Attachment> above;
    private int named;
    private int started;

    public Simulation(long seed) {
        this(seed, DEFAULT_SUCCESSORS);
    }

    public Simulation(long seed, int successors) {
        this(seed, successors, Tasks.IN_A_SLOT);
    }

    public Simulation(long seed, int successors, Tasks tasks) {
        this.seed = Long.getLong(SEED_PROPERTY, seed);
        this.successors = successors;
        kernel = new Kernel(switch (tasks) {
            case IN_A_SLOT -> new SlotRunner();
            case BY_BATON -> new BatonRunner();
        });
        network = new SimulatedNetwork(kernel, log, fork("network"));
        observers = new Observers(kernel);
        faults = new Random(fork("faults").nextLong());
    }

    public long seed() {
        return seed;
    }

    /** Whether a run is being repeated: then every simulation uses that seed. */
    static boolean isReplay() {
        return Long.getLong(SEED_PROPERTY) != null;
    }

    public int successors() {
        return successors;
    }

    /** Sets the period of the background work of nodes that start from now on. */
    public void setPace(Pace pace) {
        this.pace = pace;
    }

    Pace pace() {
        return pace;
    }

    /** What a ring is cut into that a node founds from now on. */
    public void setSlots(Slots slots) {
        this.slots = slots;
    }

    /** What every node that is started from now on runs on top of the ring. */
    public void attach(Function<SimulatedNode, Attachment> above) {
        this.above = above;
    }

    /** A random stream for one concern. The same name gives the same numbers. */
    public SplittableRandom fork(String concern) {
        return new SplittableRandom(Fingerprint.mix(Fingerprint.mix(seed, concern.hashCode()), concern.length()));
    }

    /** The random stream for fault injection. */
    public Random faults() {
        return faults;
    }

    public SimulatedNetwork network() {
        return network;
    }

    public EventLog log() {
        return log;
    }

    /** Number of events so far, for speed measurements. */
    public long events() {
        return kernel.handled();
    }

    public void observe(Observer observer) {
        observers.add(observer);
    }

    Observers observers() {
        return observers;
    }

    Kernel kernel() {
        return kernel;
    }

    // -- machines ----------------------------------------------------------------------------------------------------

    /** Every process that is up, in order of start. */
    public List<SimulatedNode> up() {
        return List.copyOf(processes);
    }

    /** Starts a new machine with an empty disk. Without seeds it founds a ring. */
    public SimulatedNode start(SimulatedNode... seeds) {
        return start(new SimulatedDisk(), newAddress(), Arrays.stream(seeds).map(SimulatedNode::address).toList());
    }

    /** Starts a process on this disk at this address, where no other process may listen. */
    public SimulatedNode start(SimulatedDisk disk, String address, List<String> seeds) {
        SimulatedNode node = place(disk, address, seeds);
        node.node().startUp();
        node.startTicking(false);
        return node;
    }

    /**
     * Starts a new process on the same disk. It gets its seeds again only if it was never in a ring: its stored state
     * must be enough.
     */
    public SimulatedNode restart(SimulatedNode before) {
        return restart(before, before.address());
    }

    /** As {@link #restart(SimulatedNode)}, at another address. */
    public SimulatedNode restart(SimulatedNode before, String address) {
        before.crash(SimulatedNode.Crash.PROCESS);
        boolean wasIn = before.disk().load().map(identity -> identity.ringId()).isPresent();
        return start(before.disk(), address, wasIn ? List.of() : before.seeds());
    }

    /** Starts a new node with an empty disk at the address of another node. */
    public SimulatedNode replace(SimulatedNode before, SimulatedNode... seeds) {
        before.crash(SimulatedNode.Crash.PROCESS);
        return start(new SimulatedDisk(), before.address(), Arrays.stream(seeds).map(SimulatedNode::address).toList());
    }

    /**
     * Creates a ring of {@code size} in which every pointer is right. Its nodes tick as if they had run for long. Add
     * observers that check the ring afterwards, because the ring is incomplete during creation.
     */
    public List<SimulatedNode> ideal(int size) {
        return new IdealRing(this, size).place();
    }

    /** A process that was not told to enter a ring. */
    SimulatedNode place(SimulatedDisk disk, String address, List<String> seeds) {
        Host host = network.host(address);
        if (host.listens()) {
            throw new IllegalStateException(host.process + " listens at " + address);
        }
        host.starts++;
        RingSettings settings = RingTestAccess.settings(successors, seeds, pace.fingersPerRound(), slots);
        SimulatedNode node = new SimulatedNode(this, host, disk, settings, started++);
        if (above != null) {
            node.attach(above.apply(node));
        }
        host.process = node;
        host.powered = true;
        processes.add(node);
        node.note(EventLog.Kind.STARTED, node.self());
        observers.started(node);
        return node;
    }

    public String newAddress() {
        return "http://n" + named++ + ":8080";
    }

    /**
     * Starts a ring of {@code size} nodes one by one, each through a random member, as soon as the one before is in the
     * ring.
     */
    public List<SimulatedNode> grow(int size) {
        SplittableRandom entries = fork("entries " + named);
        List<SimulatedNode> nodes = new ArrayList<>(List.of(start()));
        while (nodes.size() < size) {
            run(Duration.ofMillis(10));
            SimulatedNode joiner = start(nodes.get(entries.nextInt(nodes.size())));
            if (!runUntil(() -> joiner.state().status() == RingStatus.MEMBER, Duration.ofSeconds(30))) {
                throw failure(new AssertionError(joiner + " is not in after 30 s"));
            }
            nodes.add(joiner);
        }
        return nodes;
    }

    void ended(SimulatedNode node) {
        processes.remove(node);
        observers.ended(node);
    }

    // -- time --------------------------------------------------------------------------------------------------------

    /** Virtual time since the start. */
    public Duration now() {
        return Duration.ofNanos(kernel.nanos());
    }

    /** Runs {@code action} of the test after {@code delay}. It must not wait. */
    public void after(Duration delay, Runnable action) {
        kernel.schedule(delay.toNanos(), action);
    }

    public void run(Duration duration) {
        run(duration, duration, () -> false);
    }

    /** Runs until {@code condition} holds, which is checked every 50 ms, or {@code limit} has passed. */
    public boolean runUntil(Callable<Boolean> condition, Duration limit) {
        return run(limit, LOOK_EVERY, () -> {
            try {
                return condition.call();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Runs {@code work} as a task of {@code node}. Time passes until it ends. */
    public <T> T ask(SimulatedNode node, Callable<T> work) throws Exception {
        List<Callable<T>> ended = new ArrayList<>(1);
        node.start("test", () -> {
            try {
                T result = work.call();
                ended.add(() -> result);
            } catch (Exception e) {
                ended.add(() -> {
                    throw e;
                });
            }
            kernel.stop();
        });
        run(LONGEST_ASK, LONGEST_ASK, () -> false);
        if (ended.isEmpty()) {
            throw failure(new AssertionError("what was asked of " + node + " has not ended within " + LONGEST_ASK));
        }
        return ended.getFirst().call();
    }

    private boolean run(Duration limit, Duration every, BooleanSupplier condition) {
        try {
            return kernel.run(limit.toNanos(), every.toNanos(), condition);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /** The failure that a test throws, with everything needed to repeat the run. */
    public SimulationFailure failure(Throwable cause) {
        return cause instanceof SimulationFailure already ? already : new SimulationFailure(seed, now(), log, test,
                cause);
    }

    /** Every process that is up, as a peer. */
    public List<Peer> peers() {
        return processes.stream().map(SimulatedNode::self).toList();
    }
}
