package io.chordshare.ring;

import io.chordshare.ring.PeerException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** One process of an {@link InMemoryRing}: a ring node and the runtime it lives in. */
final class InMemoryNode implements NodeRuntime {

    private final InMemoryRing ring;
    private final InMemoryMemory memory;
    private final String address;
    private final List<String> seeds;
    private final Random random;
    private final RingNode node;
    private boolean up = true;
    private boolean ticking = true;
    private PeerException.Reason refusal;

    InMemoryNode(InMemoryRing ring, InMemoryMemory memory, String address, RingSettings settings) {
        this.ring = ring;
        this.memory = memory;
        this.address = address;
        this.seeds = settings.seeds();
        this.random = new Random(ring.random.nextLong());
        this.node = new RingNode(settings, this, memory, address);
    }

    RingNode node() {
        return node;
    }

    RingState state() {
        return node.state();
    }

    Peer self() {
        return node.state().self();
    }

    String address() {
        return address;
    }

    List<String> seeds() {
        return seeds;
    }

    InMemoryMemory memory() {
        return memory;
    }

    boolean isUp() {
        return up;
    }

    void powerOn() {
        node.startUp();
        tickAgain(node::stabilizeTick);
        tickAgain(node::fixFingersTick);
        tickAgain(node::pingTick);
    }

    private void tickAgain(Runnable tick) {
        // jittered by a quarter, so that nodes do not keep step
        Duration pause = InMemoryRing.PERIOD.multipliedBy(75 + random.nextInt(50)).dividedBy(100);
        ring.time.after(pause, () -> {
            if (up) {
                if (ticking) {
                    tick.run();
                }
                tickAgain(tick);
            }
        });
    }

    /** Without background work a test sees what one message alone does. */
    void stopTicking() {
        ticking = false;
    }

    /** Answers everything with {@code reason} from now on; null for as usual. */
    void refuseWith(Reason reason) {
        refusal = reason;
    }

    /** The power goes: whatever it was doing is not even ended. */
    void crash() {
        up = false;
        ring.gone(this);
    }

    void leave() throws Exception {
        ring.ask(this, () -> {
            node.setLeaving(true);
            node.depart(true);
            return null;
        });
    }

    /** A graceful shutdown: it will be back. */
    void switchOff() throws Exception {
        ring.ask(this, () -> {
            node.depart(false);
            node.stop();
            return null;
        });
        crash();
    }

    void join(InMemoryNode entry) throws Exception {
        joinAt(entry.address());
    }

    void joinAt(String entry) throws Exception {
        ring.ask(this, () -> {
            node.join(entry, Duration.ofSeconds(60));
            return null;
        });
    }

    LookupResult lookup(RingId key) throws Exception {
        return ring.ask(this, () -> node.lookup(key));
    }

    // -- the runtime -------------------------------------------------------------------------------------------------

    @Override
    public Duration uptime() {
        return ring.time.now();
    }

    @Override
    public Instant wallClock() {
        return Instant.EPOCH.plus(ring.time.now());
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public void sleep(Duration duration) {
        VirtualTime.Gate gate = ring.time.gate();
        ring.time.after(duration, gate::open);
        gate.pass();
    }

    @Override
    public void start(String name, Runnable task) {
        ring.time.start(address + " " + name, () -> up, task);
    }

    /** Waits until another task of this node has completed {@code future}; says whether it did in time. */
    @Override
    public boolean await(CompletableFuture<?> future, Duration atMost) {
        VirtualTime.Gate gate = ring.time.gate();
        future.whenComplete((result, error) -> gate.open());
        ring.time.after(atMost, gate::open);
        gate.pass();
        return future.isDone();
    }

    @Override
    public Peer identify(String there) throws PeerException {
        return exchange(there, target -> true, InMemoryNode::self);
    }

    @Override
    public <A> A call(Peer peer, Request<A> request) throws PeerException {
        ring.count(request);
        RingState asker = state();
        return exchange(peer.address(), target -> target.self().id().equals(peer.id()),
                target -> target.answer(asker, request));
    }

    @Override
    public <A> A call(Peer peer, Request<A> request, Duration patience) throws PeerException {
        // every exchange of this ring ends within its own limit, which is shorter than any patience
        return call(peer, request);
    }

    /** Every message carries the ring id of its sender; only who is not in a ring yet may ask in another. */
    private <A> A answer(RingState asker, Request<A> request) throws PeerException {
        if (refusal != null) {
            throw new PeerException(refusal, address + " refuses");
        }
        boolean joining = request instanceof RingRequest.Join
                || request instanceof RingRequest.NextHop && !asker.status().isMember();
        boolean sameRing = Objects.equals(asker.ringId(), state().ringId());
        if (!(request instanceof RingRequest.Ping) && !joining && !sameRing) {
            throw new PeerException(Reason.WRONG_RING, address + " is in another ring");
        }
        return node.answer((RingRequest<A>) request);
    }

    private interface Answering<A> {
        A answer(InMemoryNode target) throws PeerException;
    }

    private <A> A exchange(String there, Predicate<InMemoryNode> meant, Answering<A> answering) throws PeerException {
        VirtualTime.Gate gate = ring.time.gate();
        List<Callable<A>> result = new ArrayList<>(1);
        ring.time.after(ring.delay(), () -> {
            InMemoryNode target = ring.reach(this, there);
            if (target == null) {
                ring.time.after(InMemoryRing.CALL_TIMEOUT, gate::open);
                return;
            }
            Callable<A> reply = reply(target, meant, answering);
            ring.time.after(ring.delay(), () -> {
                boolean arrives = ring.reach(this, there) == target;
                if (arrives) {
                    result.add(reply);
                }
                ring.time.after(arrives ? Duration.ZERO : InMemoryRing.CALL_TIMEOUT, gate::open);
            });
        });
        gate.pass();
        if (result.isEmpty()) {
            throw new PeerException(Reason.NO_ANSWER, there + " does not answer");
        }
        try {
            return result.getFirst().call();
        } catch (PeerException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static <A> Callable<A> reply(InMemoryNode target, Predicate<InMemoryNode> meant, Answering<A> answering) {
        if (!meant.test(target)) {
            return () -> {
                throw new PeerException(Reason.NOT_THAT_NODE, "somebody else is at " + target.address);
            };
        }
        try {
            A answer = answering.answer(target);
            return () -> answer;
        } catch (PeerException e) {
            return () -> {
                throw e;
            };
        }
    }

    @Override
    public <T> List<Outcome<T>> gather(List<PeerCall<T>> calls, Predicate<List<Outcome<T>>> enough) {
        VirtualTime.Gate gate = ring.time.gate();
        List<Outcome<T>> outcomes = new ArrayList<>();
        List<PeerCall<T>> inSomeOrder = new ArrayList<>(calls);
        Collections.shuffle(inSomeOrder, random);
        for (PeerCall<T> call : inSomeOrder) {
            start("gather", () -> {
                outcomes.add(Outcome.of(call));
                if (outcomes.size() == calls.size() || enough.test(outcomes)) {
                    gate.open();
                }
            });
        }
        if (!calls.isEmpty()) {
            gate.pass();
        }
        return List.copyOf(outcomes);
    }

    @Override
    public String toString() {
        return Optional.ofNullable(node).map(there -> there.state().self().toString()).orElse(address);
    }
}
