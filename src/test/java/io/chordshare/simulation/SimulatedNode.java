package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.RingSettings;
import io.chordshare.ring.lookup.LookupResult;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.Request;
import io.chordshare.simulation.EventLog.Kind;
import io.chordshare.transport.ProductionTimeouts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One process: a production ring node, ticked as in production. A restart is another process on the same disk, so
 * events for the old process are dropped.
 */
public final class SimulatedNode extends SimulatedProcess {

    /** Time between two ticks of one kind, as in production. */
    public static final Duration PERIOD = Duration.ofSeconds(1);

    /** How a process ends without a leave notice. */
    public enum Crash {
        /** Killed: its machine refuses connections. */
        PROCESS,
        /** Power loss: nothing comes back. */
        MACHINE
    }

    private final Simulation world;
    private final Host host;
    private final SimulatedDisk disk;
    private final RingSettings settings;
    private final @Nullable SimulatedNode before;
    private final int number;
    private final long[] sent = new long[MessageKind.MAX_KINDS];
    private final long[] handled = new long[MessageKind.MAX_KINDS];
    private final RingNode node;
    private final Ticks ticks;
    private @Nullable Attachment attachment;
    private Duration handling = Duration.ZERO;
    private @Nullable Reason refusal;

    SimulatedNode(Simulation world, Host host, SimulatedDisk disk, RingSettings settings, int number) {
        super(world.kernel(), host.clock, world.fork("node " + host.address + " " + host.starts));
        this.world = world;
        this.host = host;
        this.disk = disk;
        this.settings = settings;
        this.before = host.process;
        this.ticks = new Ticks(this, world.pace());
        this.number = number;
        this.node = new RingNode(settings, this, disk, host.address);
        node.listen(new StateWatch(this));
    }

    Simulation world() {
        return world;
    }

    /** What runs on top of the ring in this process: once, before it starts. */
    void attach(Attachment above) {
        attachment = above;
    }

    Optional<Attachment> attachment() {
        return Optional.ofNullable(attachment);
    }

    /** The production node. */
    public RingNode node() {
        return node;
    }

    public RingState state() {
        return node.state();
    }

    public Peer self() {
        return node.state().self();
    }

    public String address() {
        return host.address;
    }

    /** The number of the process in order of start, from 0. */
    public int number() {
        return number;
    }

    public SimulatedDisk disk() {
        return disk;
    }

    public List<String> seeds() {
        return settings.seeds();
    }

    RingSettings settings() {
        return settings;
    }

    /** The process that listened at this address before. */
    public Optional<SimulatedNode> before() {
        return Optional.ofNullable(before);
    }

    /** Number of requests of a kind that this process has sent. */
    public long sent(Class<?> kind) {
        return sent[MessageKind.indexOf(kind)];
    }

    /** Number of requests of a kind that this process has received. */
    public long handled(Class<?> kind) {
        return handled[MessageKind.indexOf(kind)];
    }

    void countSent(int kind) {
        sent[kind]++;
    }

    void countHandled(Request<?> request) {
        handled[MessageKind.indexOf(request.getClass())]++;
    }

    void note(Kind kind, @Nullable Object content) {
        world.log().add(kernel().nanos(), kind, this, content);
    }

    @Override
    void woke() {
        note(Kind.WOKE, null);
    }

    // -- life cycle
    // -----------------------------------------------------------------------------------------------------

    void startTicking(boolean longRunning) {
        ticks.start(longRunning);
    }

    /** Stops the background work, so that a test sees the effect of one message. */
    public void stopTicking() {
        ticks.stop();
    }

    /** Answers everything with {@code reason} from now on; null ends that. */
    public void refuseWith(@Nullable Reason reason) {
        refusal = reason;
    }

    /** Handles every message this much later than it arrives. */
    public void setHandling(Duration delay) {
        handling = delay;
        note(Kind.FAULT, delay);
    }

    Duration handling() {
        return handling;
    }

    /** From now on, its machine's clock runs {@code rate} times as fast as true time. */
    public void setClockRate(double rate) {
        clock().runAt(rate, kernel().nanos());
        note(Kind.FAULT, rate);
    }

    /** Its machine shows a wrong time of day. Its uptime is unaffected. */
    public void setWallClockOffset(Duration offset) {
        clock().setWallOffset(offset);
        note(Kind.FAULT, offset);
    }

    /** SIGSTOP. */
    @Override
    public void pause() {
        super.pause();
        note(Kind.PAUSED, null);
    }

    /** SIGCONT: handles what arrived meanwhile, and fires every timer that is due. */
    @Override
    public void goOn() {
        super.goOn();
        note(Kind.WENT_ON, null);
    }

    /** Crashes in one of the two ways, as the seed decides. */
    public void crash() {
        crash(world.faults().nextBoolean() ? Crash.PROCESS : Crash.MACHINE);
    }

    public void crash(Crash how) {
        if (isUp()) {
            end();
            host.powered = how == Crash.PROCESS;
            note(Kind.CRASHED, how);
            world.ended(this);
        }
    }

    /** Leaves without a hand-off, and is a ring of one. */
    public void leave() throws Exception {
        world.ask(this, () -> {
            node.setLeaving(true);
            node.depart(true);
            return null;
        });
    }

    /** A graceful shutdown before a restart. */
    public void switchOff() throws Exception {
        world.ask(this, () -> {
            node.depart(false);
            node.stop();
            return null;
        });
        crash(Crash.PROCESS);
    }

    public void join(SimulatedNode entry) throws Exception {
        joinAt(entry.address());
    }

    public void joinAt(String entry) throws Exception {
        world.ask(this, () -> {
            node.join(entry, Duration.ofSeconds(60));
            return null;
        });
    }

    /** For the test's thread. Time passes until the lookup ends. */
    public LookupResult lookup(ChordId key) throws Exception {
        return world.ask(this, () -> node.lookup(key));
    }

    // -- calls of the runtime port
    // --------------------------------------------------------------------------------------

    @Override
    public <A> A call(Peer peer, Request<A> request) throws PeerException {
        return ask(peer, request, world.network().limit(request));
    }

    @Override
    public <A> A call(Peer peer, Request<A> request, Duration patience) throws PeerException {
        Duration limit = world.network().limit(request);
        return ask(peer, request, patience.compareTo(limit) < 0 ? patience : limit);
    }

    private <A> A ask(Peer peer, Request<A> request, Duration limit) throws PeerException {
        if (self().sameNode(peer)) {
            // as in production, a request of a node to itself does not use the network
            return Answering.locally(this, request);
        }
        return exchange(new Exchange<>(this, peer.address(), request, node.envelope(peer.id()), limit));
    }

    @Override
    public Peer identify(String there) throws PeerException {
        return identify(there, ProductionTimeouts.ofIdentify());
    }

    @Override
    public Peer identify(String there, Duration patience) throws PeerException {
        Duration limit = ProductionTimeouts.ofIdentify();
        return exchange(new Exchange<>(this, there, null, node.envelope(null),
                patience.compareTo(limit) < 0 ? patience : limit));
    }

    private <A> A exchange(Exchange<A> exchange) throws PeerException {
        world.network().send(exchange);
        return exchange.await();
    }

    // -- incoming requests
    // ----------------------------------------------------------------------------------------------

    /** A request arrives. @param first false for a second delivery, whose answer is dropped */
    void receive(Exchange<?> exchange, boolean first) {
        if (isPaused() || !handling.isZero()) {
            exchange.expect();
        }
        if (handling.isZero()) {
            happen(() -> Answering.answer(this, host, exchange, first));
        } else {
            later(handling, () -> Answering.answer(this, host, exchange, first));
        }
    }

    @Nullable Reason refusal() {
        return refusal;
    }

    @Override
    public String toString() {
        // also while the constructor of the node runs
        return node == null ? host.address : self().toString();
    }
}
