package io.chordshare.ring;

import io.chordshare.ring.JoinFailedException.Reason;
import io.chordshare.ring.RingListener.Departure;
import io.chordshare.ring.RingMemory.Identity;
import io.chordshare.ring.RingRequest.Done;
import io.chordshare.ring.RingRequest.Spread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of the ring: answers its peers, and keeps its place by three kinds of background work that somebody outside
 * ticks (see {@link #stabilizeTick}, {@link #fixFingersTick}, {@link #pingTick}). Safe for use by many threads.
 */
public final class RingNode {

    private static final Logger log = LoggerFactory.getLogger(RingNode.class);

    /** A join waits for other joiners at the same place; nothing that runs in the queue takes longer. */
    private static final Duration LONGEST_STEP = Duration.ofMinutes(5);
    private static final Duration AGAIN_AFTER = Duration.ofMillis(250);
    private static final Duration MEET_EVERY = Duration.ofSeconds(5);
    private static final Duration LOOK_AROUND_EVERY = Duration.ofSeconds(10);

    private final NodeRuntime runtime;
    private final RingSettings settings;
    private final StateCell cell;
    private final StepQueue steps;
    private final Contacts contacts;
    private final Identities identities;
    private final FailureDetector detector;
    private final Questions questions;
    private final Routing routing;
    private final Lookup lookup;
    private final Stabilization stabilization;
    private final Admission admission;
    private final Joining joining;
    private final Broadcast broadcast;
    private final Census census;
    private final OwnerSets ownerSets;
    private final Background fingerFixing;
    private final Background pinging;
    private final Background remembering;
    private volatile Consumer<News> newsReader = news -> { };
    private volatile boolean stopped;
    private volatile boolean switchedOff;
    private volatile @Nullable Remembered remembered;
    private volatile Duration lastMet = Duration.ZERO;

    private record Remembered(List<Peer> neighbours, Duration at) {}

    /**
     * @param address what peers are told: {@code http://host:port}
     * @param memory  where it keeps who it is
     */
    public RingNode(RingSettings settings, NodeRuntime runtime, RingMemory memory, String address) {
        this.runtime = runtime;
        this.settings = settings;
        Identity loaded = memory.load().orElse(Identity.NEW);
        contacts = new Contacts(runtime, loaded.contacts().reversed());
        identities = new Identities(memory, runtime, loaded, contacts);
        lastMet = runtime.uptime();
        Identity identity = identities.atStart();
        // without an id of its own yet, a random one stands in until the first join chooses
        RingId id = identity.id() == null ? RingId.random(runtime.random()) : identity.id();
        cell = new StateCell(RingState.joining(new Peer(id, address, identity.incarnation()), identity.ringId()));
        steps = new StepQueue(runtime);
        detector = new FailureDetector(runtime, settings, cell);
        questions = new Questions(runtime, detector);
        routing = new Routing(detector);
        lookup = new Lookup(runtime, detector, routing);
        stabilization = new Stabilization(cell, questions, detector, runtime, settings, contacts);
        admission = new Admission(cell, questions, runtime, steps, stabilization);
        joining = new Joining(cell, questions, lookup, runtime);
        broadcast = new Broadcast(cell, detector, runtime);
        census = new Census(runtime, detector, lookup);
        ownerSets = new OwnerSets(runtime, detector, lookup);
        fingerFixing = new Background("fix-fingers", runtime, new FingerFixing(cell, lookup)::round);
        pinging = new Background("ping", runtime, this::pingNeighbours);
        remembering = new Background("remember", runtime, this::remember);
        cell.onChange(this::rememberCompany);
    }

    /** A ring of one that got its second node must know so after a restart, or it would be a ring of its own again. */
    private void rememberCompany(RingState before, RingState after) {
        if (before.status() == RingStatus.ALONE && after.status() == RingStatus.MEMBER) {
            Identities.neighbours(after).forEach(contacts::met);
            identities.entered(after);
        }
    }

    // -- what others ask ---------------------------------------------------------------------------------------------

    /** What a message of this node to {@code to} carries besides its content. */
    public Envelope envelope(@Nullable RingId to) {
        RingState state = cell.get();
        return new Envelope(to, state.status().isMember() ? state.ringId() : null);
    }

    /**
     * Before anything else about a peer's message: is it meant for this node, from a node of this ring?
     *
     * @param crossesRings it may come from another ring: a ping, which is how one finds out
     * @throws PeerException {@code NOT_THAT_NODE} or {@code WRONG_RING}
     */
    public void check(Envelope envelope, boolean crossesRings) throws PeerException {
        RingState state = cell.get();
        RingId to = envelope.to();
        if (to != null && !to.equals(state.self().id())) {
            throw new PeerException(PeerException.Reason.NOT_THAT_NODE,
                    "this is node " + state.self().id() + ", not " + to);
        }
        String theirs = envelope.ringId();
        if (theirs != null && !theirs.equals(state.ringId()) && !crossesRings) {
            throw new PeerException(PeerException.Reason.WRONG_RING,
                    "this node is in ring " + state.ringId() + ", not in " + theirs);
        }
    }

    /**
     * Answers a peer.
     *
     * @throws PeerException when this node is not a member of a ring (yet, or any more)
     */
    @SuppressWarnings("unchecked") // each request names the type of its answer
    public <A> A answer(RingRequest<A> request) throws PeerException {
        RingState state = cell.get();
        if (request instanceof RingRequest.Ping) {
            return (A) new RingRequest.Pong(state.self(), state.ringId(), state.status());
        }
        if (!state.status().isMember()) {
            throw new PeerException(PeerException.Reason.NOT_A_MEMBER,
                    state.self().address() + " is not a member of a ring yet");
        }
        return (A) switch (request) {
            case RingRequest.Ping ping -> throw new IllegalStateException("answered above: " + ping);
            case RingRequest.AskNeighbours ask -> questions.asking()
                    ? RingRequest.Neighbours.busy(state.self()) : RingRequest.Neighbours.of(state);
            case RingRequest.View view -> RingRequest.Neighbours.of(state);
            case RingRequest.Join(Peer joiner) -> admission.answer(joiner);
            case RingRequest.NextHop(RingId key) -> routing.answer(state, key);
            case RingRequest.Notify(Peer candidate) -> {
                steps.submit("rectify:" + candidate.id(), () -> stabilization.rectify(candidate));
                yield new Done();
            }
            case Spread spread -> {
                hear(spread);
                yield new Done();
            }
        };
    }

    private void hear(Spread spread) {
        if (spread.news() instanceof Farewell farewell) {
            steps.submit("farewell:" + farewell.leaver().id(), () -> bury(farewell));
        } else {
            newsReader.accept(spread.news());
        }
        runtime.start("spread", () -> broadcast.spread(spread.news(), spread.limit()));
    }

    /** Leave is a truthful notice of death: the pointers to the leaver go at once, and nothing is appended unasked. */
    private void bury(Farewell farewell) {
        RingState before = cell.get();
        Peer leaver = farewell.leaver();
        boolean wasSuccessor = !before.successors().isEmpty() && before.successors().getFirst().sameNode(leaver);
        boolean wasPredecessor = before.predecessor() != null && before.predecessor().sameNode(leaver);
        stabilization.forget(leaver, farewell.forGood() ? Departure.LEFT : Departure.SWITCHED_OFF);
        identities.gone(leaver, farewell.forGood() ? Departure.LEFT : Departure.SWITCHED_OFF);
        Peer named = farewell.predecessor();
        if (wasPredecessor && named != null) {
            stabilization.rectify(named);
        }
        if (wasSuccessor) {
            stabilization.stabilize();
        }
    }

    // -- what this node does by itself -------------------------------------------------------------------------------

    /** Stabilises once, unless that already waits to be done. */
    public void stabilizeTick() {
        if (switchedOff) {
            return;
        }
        if (cell.get().status() == RingStatus.ISOLATED) {
            steps.submit("recover", this::recover);
        } else {
            steps.submit("stabilise", this::stabilize);
        }
        remembering.tick();
    }

    /** While lists change the next step comes sooner: a ring that many join at once is in order within seconds. */
    private void stabilize() {
        if (stabilization.stabilize() && !switchedOff) {
            steps.submitAfter(AGAIN_AFTER, "stabilise", this::stabilize);
        }
    }

    /**
     * Looks this node's own place up through somebody it has met. In one ring that finds the node itself; where a ring
     * fell apart it finds a nearer successor in the other part, which is then asked like any other candidate (the idea of
     * Shafaat, Ghodsi and Haridi's ring unification, in its simplest form).
     */
    private void meet(Peer contact) {
        RingState state = cell.get();
        Peer self = state.self();
        try {
            Peer owner = lookup.through(contact, self.id()).owner();
            if (state.status() == RingStatus.MEMBER
                    && RingInterval.between(self.id(), owner.id(), state.successor().id())) {
                log.info("{} knows of {}, which is nearer than {}", contact, owner, state.successor());
                stabilization.stabilizeFromPredecessor(owner);
            }
        } catch (LookupFailedException e) {
            log.debug("{} was not met: {}", contact, e.getMessage());
        }
    }

    /** Who the ring's electors are is looked at when the neighbours changed, and now and then. */
    private void remember() {
        RingState state = cell.get();
        Remembered last = remembered;
        Duration now = runtime.uptime();
        List<Peer> known = contacts.all();
        if (state.status() == RingStatus.MEMBER && !known.isEmpty() && now.minus(lastMet).compareTo(MEET_EVERY) > 0) {
            lastMet = now;
            Peer contact = known.get(runtime.random().nextInt(known.size()));
            steps.submit("meet", () -> meet(contact));
        }
        if (state.status().isMember() && (last == null || !last.neighbours().equals(Identities.neighbours(state))
                || now.minus(last.at()).compareTo(LOOK_AROUND_EVERY) > 0)) {
            try {
                identities.remember(state, census.firstAfterZero(state, Identities.MAX_ELECTORS));
                remembered = new Remembered(Identities.neighbours(state), now);
            } catch (LookupFailedException e) {
                log.debug("the electors are looked at again at the next tick: {}", e.getMessage());
            }
        }
    }

    /** Refreshes some fingers, unless that is still under way. */
    public void fixFingersTick() {
        fingerFixing.tick();
    }

    /** Pings the predecessor and the successors, unless that is still under way. */
    public void pingTick() {
        pinging.tick();
    }

    private void pingNeighbours() {
        RingState state = cell.get();
        if (!state.status().isMember()) {
            return;
        }
        for (Peer dead : detector.findDead(Identities.neighbours(state))) {
            steps.submit("forget:" + dead.id(), () -> {
                stabilization.forget(dead, Departure.DEAD);
                stabilization.notifyFirstSuccessor();
            });
            steps.submit("stabilise", this::stabilize);
        }
    }

    /** An empty list: look for anybody of our ring, and take the own place again through it. */
    private void recover() {
        if (cell.get().status() != RingStatus.ISOLATED) {
            return;
        }
        RingId own = cell.get().self().id();
        List<Peer> nearestFirst = new ArrayList<>(contacts.all());
        nearestFirst.sort(Comparator.comparing(contact -> own.distanceTo(contact.id())));
        for (Peer contact : nearestFirst) {
            try {
                Peer there = runtime.identify(contact.address());
                RingState before = cell.get();
                RingRequest.Pong pong = runtime.call(there, new RingRequest.Ping());
                if (there.sameNode(before.self()) || !Objects.equals(pong.ringId(), before.ringId())
                        || !pong.status().isMember()) {
                    continue;
                }
                stabilization.stabilizeFromPredecessor(there);
                if (!cell.get().successors().isEmpty()) {
                    log.info("found the ring again through {}", there);
                }
                // busy: come back to the same one. Taking one further on is how a ring comes to wind around twice
                return;
            } catch (PeerException e) {
                log.debug("{} is not there: {}", contact, e.getMessage());
            }
        }
    }

    /** Enters the ring as {@link Startup} decides; goes on in the background until it is in or stopped. */
    public void startUp() {
        runtime.start("ring-startup", new Startup(this, runtime, identities.atStart(), settings.seeds())::run);
    }

    /** A ring of one. @param ringId of the ring it was, or null for a new one */
    void found(@Nullable String ringId) {
        RingId random = RingId.random(runtime.random());
        inSteps("found", () -> {
            if (cell.get().status() == RingStatus.JOINING) {
                RingState alone = cell.update(state ->
                        RingState.alone(state.self(), ringId == null ? random.toString() : ringId));
                identities.entered(alone);
                log.info("{} is a ring of one, {}", alone.self(), alone.ringId());
            }
        });
    }

    /** The first to begin a ring that was switched off. It serves nobody until a second node is in: it may be cut off. */
    void foundAgain() {
        inSteps("found", () -> {
            if (cell.get().status() == RingStatus.JOINING) {
                cell.update(state -> state.withStatus(RingStatus.ISOLATED));
            }
        });
    }

    /** Runs {@code work} in the queue of steps and waits until it is done. */
    private void inSteps(String name, Runnable work) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean queued = steps.submit(name, () -> {
            try {
                work.run();
            } finally {
                done.complete(null);
            }
        });
        if (!queued) {
            throw new IllegalStateException("too much waits to be done, or " + name + " does already");
        }
        runtime.await(done, LONGEST_STEP);
    }

    // -- joining and leaving -----------------------------------------------------------------------------------------

    /**
     * Joins the ring of the node at {@code address}; returns once this node is a member there. Nothing to do when it
     * already is.
     *
     * @param wait how long to wait at most
     * @throws JoinFailedException with the reason and what to do
     * @throws TimeoutException    when it is still trying after {@code wait}
     */
    public void join(String address, Duration wait) throws JoinFailedException, TimeoutException, InterruptedException {
        Peer entry;
        try {
            entry = runtime.identify(address);
        } catch (PeerException e) {
            throw new JoinFailedException(Reason.NOBODY_THERE, e.getMessage());
        }
        CompletableFuture<Void> joined = new CompletableFuture<>();
        boolean queued = steps.submit("join", () -> {
            try {
                enterNow(entry, true);
                joined.complete(null);
            } catch (JoinFailedException | RuntimeException e) {
                joined.completeExceptionally(e);
            }
        });
        if (!queued) {
            throw new JoinFailedException(Reason.NO_ROOM_NOW, "this node is joining already; see GET /ring");
        }
        if (!runtime.await(joined, wait)) {
            throw new TimeoutException("still trying after " + wait);
        }
        try {
            joined.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JoinFailedException refused) {
                throw refused;
            }
            throw new IllegalStateException("joining failed", e.getCause());
        }
    }

    /** As {@link #join}, but from a task of the ring's own. */
    void enter(Peer entry, boolean asked) throws JoinFailedException {
        List<JoinFailedException> failure = new ArrayList<>(1);
        inSteps("enter", () -> {
            try {
                enterNow(entry, asked);
            } catch (JoinFailedException e) {
                failure.add(e);
            }
        });
        if (!failure.isEmpty()) {
            throw failure.getFirst();
        }
    }

    /** @param asked a person or a setting named the entry; otherwise it must be of the ring that we know */
    private void enterNow(Peer entry, boolean asked) throws JoinFailedException {
        RingState before = cell.get();
        if (entry.sameNode(before.self())) {
            throw new JoinFailedException(Reason.ONESELF, entry.address()
                    + " is this node itself; give the address of another node");
        }
        RingRequest.Pong pong = ping(entry);
        boolean sameRing = before.ringId() != null && before.ringId().equals(pong.ringId());
        if (before.status() == RingStatus.MEMBER && sameRing) {
            return;
        }
        boolean withOthers = before.status() != RingStatus.ALONE && before.status() != RingStatus.JOINING;
        if (withOthers || (!asked && !sameRing && !identities.atStart().left())) {
            throw new JoinFailedException(Reason.IN_ANOTHER_RING, "this node is a member of ring " + before.ringId()
                    + ", and " + entry.address() + " of ring " + pong.ringId()
                    + ". Leave the first (POST /ring/leave), or name a node of the same ring");
        }
        if (!pong.status().isMember()) {
            throw new JoinFailedException(Reason.NOT_A_MEMBER, entry.address()
                    + " is not a member of a ring itself yet; try again in a moment, or name another node");
        }
        enterThrough(entry, pong.ringId(), before, sameRing);
    }

    private void enterThrough(Peer entry, @Nullable String ringId, RingState before, boolean sameRing)
            throws JoinFailedException {
        Peer self = before.self();
        // a node that was never with others has no place to come back to, and may draw a better one
        boolean keepsPlace = sameRing || !contacts.all().isEmpty();
        cell.update(state -> state.withStatus(RingStatus.JOINING));
        try {
            joining.join(entry, ringId, new Joining.Newcomer(keepsPlace ? self.id() : null, self.address(),
                    self.incarnation()));
        } catch (JoinFailedException e) {
            cell.update(state -> before);
            throw e;
        }
        contacts.met(entry);
        Identities.neighbours(cell.get()).forEach(contacts::met);
        identities.entered(cell.get());
        stabilization.stabilize();
        fingerFixing.tick();
    }

    private RingRequest.Pong ping(Peer entry) throws JoinFailedException {
        String problem = "";
        for (int tries = 0; tries < RingSettings.DEAD_AFTER_MISSES; tries++) {
            try {
                return runtime.call(entry, new RingRequest.Ping());
            } catch (PeerException e) {
                problem = String.valueOf(e.getMessage());
            }
        }
        throw new JoinFailedException(Reason.NOBODY_THERE, problem);
    }

    /** Says that it is about to leave, or not any more. Peers see it in their pings. */
    public void setLeaving(boolean leaving) {
        cell.update(state -> switch (state.status()) {
            case MEMBER -> leaving ? state.withStatus(RingStatus.LEAVING) : state;
            case LEAVING -> leaving ? state : state.withStatus(RingStatus.MEMBER);
            case JOINING, ALONE, ISOLATED -> state;
        });
    }

    /** Tells the neighbours, then everybody, that this node is gone. After it left for good it is a ring of one. */
    public void depart(boolean forGood) {
        inSteps("depart", () -> departNow(forGood));
    }

    private void departNow(boolean forGood) {
        RingState state = cell.get();
        if (!state.status().isMember()) {
            return;
        }
        Farewell farewell = new Farewell(state.self(), state.predecessor(), forGood);
        List<PeerCall<Done>> calls = new ArrayList<>();
        for (Peer neighbour : Identities.neighbours(state)) {
            // an empty part of the ring: it is for them alone
            calls.add(() -> runtime.call(neighbour, new Spread(farewell, neighbour.id().plusPowerOfTwo(0))));
        }
        switchedOff = !forGood;
        runtime.gather(calls);
        broadcast.spread(farewell, state.self().id());
        if (forGood) {
            List<Peer> knew = new ArrayList<>(Identities.neighbours(state));
            knew.addAll(contacts.all());
            RingId own = RingId.random(runtime.random());
            RingState alone = cell.update(now -> RingState.alone(now.self(), own.toString()));
            identities.left(alone, knew.stream().distinct().toList());
            log.info("{} left ring {} and is a ring of one", state.self(), state.ringId());
        }
    }

    /** No more attempts to get in. */
    public void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    // -- what the other features need --------------------------------------------------------------------------------

    /** A snapshot of everything that this node knows of its place. */
    public RingState state() {
        return cell.get();
    }

    /** Hears of every change from now on. */
    public void listen(RingListener listener) {
        cell.listen(listener);
    }

    /** Gets all news but farewells, once per message. Must be quick. */
    public void readNews(Consumer<News> reader) {
        newsReader = reader;
    }

    /** Who owns {@code key}. */
    public LookupResult lookup(RingId key) throws LookupFailedException {
        return lookup.from(memberState(key), key);
    }

    /** Who answers for {@code key}: its owner and the {@code size - 1} nodes after it. */
    public OwnerSet ownerSet(RingId key, int size) throws LookupFailedException {
        return ownerSets.find(memberState(key), key, size);
    }

    private RingState memberState(RingId key) throws LookupFailedException {
        RingState state = cell.get();
        if (!state.status().isMember()) {
            throw new LookupFailedException(key, "this node is not a member of a ring yet", List.of());
        }
        return state;
    }

    /** All nodes of the ring in order, this one first, those that do not answer included. */
    public List<Peer> census() {
        return census.take(cell.get());
    }

    /** What each of {@code peers} says that it is; those that do not answer are left out. */
    public Map<RingId, RingStatus> statusOf(List<Peer> peers) {
        List<PeerCall<RingRequest.Pong>> calls = new ArrayList<>();
        peers.forEach(peer -> calls.add(() -> runtime.call(peer, new RingRequest.Ping())));
        Map<RingId, RingStatus> answering = new TreeMap<>();
        Outcome.answers(runtime.gather(calls)).forEach(pong -> answering.put(pong.self().id(), pong.status()));
        return answering;
    }

    /** Tells everybody else. Returns once the first of them have it. */
    public void spread(News news) {
        broadcast.spread(news, cell.get().self().id());
    }

    /** What the background work has been doing. */
    public List<Background> background() {
        return List.of(fingerFixing, pinging, remembering);
    }

    /** What the queue of steps has been doing. */
    public StepQueue.Progress steps() {
        return steps.progress();
    }
}
