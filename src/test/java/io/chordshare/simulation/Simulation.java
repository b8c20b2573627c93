package io.chordshare.simulation;

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

/**
 * The world of one run: machines, the network between them, and virtual time. Everything that happens in it follows
 * from one seed, through a stream of random numbers for each concern, so that one more message does not shift the
 * faults.
 *
 * <p>Time passes only in {@link #run}, {@link #runUntil} and {@link #ask}; between them a test may do what it likes to
 * nodes and network. What shall happen at a moment in between is scheduled by {@link #after}. A run that fails throws a
 * {@link SimulationFailure}, which names the command that repeats it.
 */
public final class Simulation {

    /** Overrides the seed of every simulation, to repeat a run: {@code -Dchordshare.seed=…}. */
    static final String SEED_PROPERTY = "chordshare.seed";

    /** Successor lists in production are as long by default. */
    public static final int DEFAULT_SUCCESSORS = 4;
    /** Looking at every event would cost more than the run itself. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    /** Whatever a test asks a node to do ends within this. */
    private static final Duration LONGEST_ASK = Duration.ofMinutes(5);

    /** Which kernel runs the tasks: they must agree on every run. */
    public enum Tasks {
        /** Fast, by a package-private corner of the JDK. */
        IN_A_SLOT,
        /** By the public JDK only. */
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

    /** Whether one run is to be repeated: then every simulation has the seed of that one. */
    static boolean isReplay() {
        return Long.getLong(SEED_PROPERTY) != null;
    }

    public int successors() {
        return successors;
    }

    /** How often the nodes that are started from now on do their background work. */
    public void setPace(Pace pace) {
        this.pace = pace;
    }

    Pace pace() {
        return pace;
    }

    /** A stream of random numbers of its own for one concern: the same name gives the same numbers. */
    public SplittableRandom fork(String concern) {
        return new SplittableRandom(Fingerprint.mix(Fingerprint.mix(seed, concern.hashCode()), concern.length()));
    }

    /** For whoever injects faults. */
    public Random faults() {
        return faults;
    }

    public SimulatedNetwork network() {
        return network;
    }

    public EventLog log() {
        return log;
    }

    /** How many events have happened, for figures of speed. */
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

    /** Every process that is up, in order of starting. */
    public List<SimulatedNode> up() {
        return List.copyOf(processes);
    }

    /** A new machine with an empty disk; it founds a ring when it has no seeds. */
    public SimulatedNode start(SimulatedNode... seeds) {
        return start(new SimulatedDisk(), newAddress(), Arrays.stream(seeds).map(SimulatedNode::address).toList());
    }

    /** A process on this disk at this address, where nobody may be listening. */
    public SimulatedNode start(SimulatedDisk disk, String address, List<String> seeds) {
        SimulatedNode node = place(disk, address, seeds);
        node.node().startUp();
        node.startTicking(false);
        return node;
    }

    /** The same disk in a new process. Its seeds are only given again when it never got in: memory must be enough. */
    public SimulatedNode restart(SimulatedNode before) {
        return restart(before, before.address());
    }

    /** As {@link #restart(SimulatedNode)}, at another address. */
    public SimulatedNode restart(SimulatedNode before, String address) {
        before.crash(SimulatedNode.Crash.PROCESS);
        boolean wasIn = before.disk().load().map(identity -> identity.ringId()).isPresent();
        return start(before.disk(), address, wasIn ? List.of() : before.seeds());
    }

    /** A stranger at an address that another node had: an empty disk. */
    public SimulatedNode replace(SimulatedNode before, SimulatedNode... seeds) {
        before.crash(SimulatedNode.Crash.PROCESS);
        return start(new SimulatedDisk(), before.address(), Arrays.stream(seeds).map(SimulatedNode::address).toList());
    }

    /**
     * A ring of {@code size} in which every pointer is right, at once; its nodes tick as if they had for long.
     * Observers that check the ring come afterwards: while it is put in place it is none.
     */
    public List<SimulatedNode> ideal(int size) {
        return new IdealRing(this, size).place();
    }

    /** A process that has not been told to get into a ring. */
    SimulatedNode place(SimulatedDisk disk, String address, List<String> seeds) {
        Host host = network.host(address);
        if (host.listens()) {
            throw new IllegalStateException(host.process + " listens at " + address);
        }
        host.starts++;
        RingSettings settings = RingTestAccess.settings(successors, seeds, pace.fingersPerRound());
        SimulatedNode node = new SimulatedNode(this, host, disk, settings, started++);
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

    /** Starts a ring of {@code size} one by one, each through a random member, as soon as the one before it is in. */
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

    /** Virtual time since the beginning. */
    public Duration now() {
        return Duration.ofNanos(kernel.nanos());
    }

    /** Something that the test does once {@code delay} has passed. Must not wait. */
    public void after(Duration delay, Runnable action) {
        kernel.schedule(delay.toNanos(), action);
    }

    public void run(Duration duration) {
        run(duration, duration, () -> false);
    }

    /**
     * Lets things happen until {@code condition} holds, which is looked at every 50 ms, or {@code limit} has passed.
     */
    public boolean runUntil(Callable<Boolean> condition, Duration limit) {
        return run(limit, LOOK_EVERY, () -> {
            try {
                return condition.call();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Runs {@code work} as a task of {@code node} and lets time pass until it has ended. */
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

    /** What a test throws when it finds something wrong: with all that is needed to repeat the run. */
    public SimulationFailure failure(Throwable cause) {
        return cause instanceof SimulationFailure already ? already : new SimulationFailure(seed, now(), log, test,
                cause);
    }

    /** Every process that is up as others know it. */
    public List<Peer> peers() {
        return processes.stream().map(SimulatedNode::self).toList();
    }
}
