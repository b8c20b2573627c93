package io.chordshare.ring;

import io.chordshare.id.ChordId;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.join.Admission;
import io.chordshare.ring.join.Bootstrap;
import io.chordshare.ring.join.Departure;
import io.chordshare.ring.join.JoinStep;
import io.chordshare.ring.join.LeaveNotices;
import io.chordshare.ring.join.Regrouping;
import io.chordshare.ring.join.RingEntry;
import io.chordshare.ring.lookup.Broadcast;
import io.chordshare.ring.lookup.FixFingers;
import io.chordshare.ring.lookup.Lookup;
import io.chordshare.ring.lookup.LookupResult;
import io.chordshare.ring.lookup.OwnerLookup;
import io.chordshare.ring.lookup.OwnerSet;
import io.chordshare.ring.lookup.OwnerSets;
import io.chordshare.ring.lookup.RingWalk;
import io.chordshare.ring.lookup.Routing;
import io.chordshare.ring.membership.ElectorWatch;
import io.chordshare.ring.membership.IdentityStore.Identity;
import io.chordshare.ring.membership.IdentityStore;
import io.chordshare.ring.membership.KnownPeers;
import io.chordshare.ring.membership.Membership;
import io.chordshare.ring.membership.PassiveList;
import io.chordshare.ring.membership.PersistentIdentity;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.ExclusiveQuery;
import io.chordshare.ring.protocol.JoinFailedException;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.MessageSteps;
import io.chordshare.ring.protocol.News;
import io.chordshare.ring.protocol.NewsHandler;
import io.chordshare.ring.protocol.PingHandler;
import io.chordshare.ring.protocol.RequestHandler;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.protocol.StepQueue;
import io.chordshare.ring.protocol.ThisNode;
import io.chordshare.ring.stabilize.Recovery;
import io.chordshare.ring.stabilize.RingUnification;
import io.chordshare.ring.stabilize.Stabilization;
import io.chordshare.ring.stabilize.StabilizeTask;
import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeriodicTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node of the ring: answers its peers, and keeps its place by background work that somebody outside ticks (see
 * {@link #stabilizeTick}, {@link #fixFingersTick}, {@link #pingTick}). Safe for use by many threads. This class puts
 * the parts together; each part is a class of its own.
 */
public final class RingNode {

    private static final Duration PATIENCE_FOR_A_VIEW = Duration.ofSeconds(1);

    private final NodeRuntime runtime;
    private final RingSettings settings;
    private final StateCell cell;
    private final StepQueue steps;
    private final KnownPeers contacts;
    private final PassiveList passive;
    private final PersistentIdentity identities;
    private final RingIds names;
    private final FailureDetector detector;
    private final OwnerLookup owners;
    private final Broadcast broadcast;
    private final RingWalk census;
    private final OwnerSets ownerSets;
    private final Regrouping regrouping;
    private final NewsHandler news;
    private final RequestHandler answers;
    private final RingEntry entrance;
    private final Departure exit;
    private final Maintenance maintenance;

    /**
     * @param address what peers are told: {@code http://host:port}
     * @param memory  where it keeps who it is
     */
    public RingNode(RingSettings settings, NodeRuntime runtime, IdentityStore memory, String address) {
        this.runtime = runtime;
        this.settings = settings;
        Identity loaded = memory.load().orElse(Identity.NEW);
        // without an id of its own yet, a random one stands in until the first join chooses
        ChordId id = loaded.id() == null ? ChordId.random(runtime.random()) : loaded.id();
        Peer self = new Peer(id, address, PersistentIdentity.atNextStart(loaded).incarnation());
        cell = new StateCell(RingState.joining(self, loaded.ringId()));
        steps = new StepQueue(runtime);
        names = new RingIds(cell, loaded.ringIds());
        contacts = new KnownPeers(runtime, loaded.contacts().reversed());
        passive = new PassiveList(runtime, loaded.lost());
        identities = new PersistentIdentity(memory, runtime, loaded, contacts, passive, names);
        detector = new FailureDetector(runtime, settings, cell, names, passive);
        ExclusiveQuery questions = new ExclusiveQuery(runtime, detector);
        Routing routing = new Routing(detector);
        Lookup lookup = new Lookup(detector, routing);
        owners = new OwnerLookup(detector, routing, lookup);
        broadcast = new Broadcast(cell, detector, runtime);
        census = new RingWalk(detector, lookup);
        ownerSets = new OwnerSets(detector, owners);
        Stabilization stabilization =
                new Stabilization(cell, questions, detector, settings, contacts, passive, names);
        ThisNode node = new ThisNode(runtime, cell, steps);
        Membership membership = new Membership(names, contacts, passive, identities);
        RingUnification unification = new RingUnification(node, membership, stabilization, detector, lookup, broadcast,
                settings.seeds());
        regrouping = new Regrouping(runtime, cell, names, identities.atStart());
        Admission admission = new Admission(cell, questions, runtime, steps, stabilization, names, detector);
        LeaveNotices notices = new LeaveNotices(node, membership, stabilization, detector);
        news = new NewsHandler(runtime, names, notices, unification, broadcast);
        answers = new RequestHandler(node, names, new PingHandler(node, membership, detector), questions, routing, news,
                new MessageSteps(admission, stabilization, unification, regrouping));
        exit = new Departure(node, membership, questions, broadcast);
        Recovery recovery = new Recovery(node, membership, stabilization, detector, lookup);
        maintenance = new Maintenance(runtime, new StabilizeTask(node, stabilization, recovery, exit),
                new FixFingers(cell, lookup, settings.fingersPerRound()), detector,
                new ElectorWatch(node, identities, census), unification);
        entrance = new RingEntry(node, membership, new JoinStep(cell, questions, lookup, detector, names, runtime),
                stabilization, detector, unification, maintenance::fixFingersTick);
        cell.onChange(this::rememberCompany);
    }

    /** A ring of one that got its second node must know so after a restart, or it would be a ring of its own again. */
    private void rememberCompany(RingState before, RingState after) {
        if (before.status() == RingStatus.ALONE && after.status() == RingStatus.MEMBER) {
            after.neighbours().forEach(contacts::met);
            identities.entered(after);
        }
    }

    // -- what others ask ---------------------------------------------------------------------------------------------

    /** What a message of this node to {@code to} carries besides its content. */
    public Envelope envelope(@Nullable ChordId to) {
        return new Envelope(to, cell.get().status().isMember() ? names.all() : List.of());
    }

    /**
     * Before anything else about a peer's message: is it meant for this node, from a node of this ring?
     *
     * @param crossesRings it may come from another ring: a ping, which is how one finds out
     * @throws PeerException {@code NOT_THAT_NODE} or {@code WRONG_RING}
     */
    public void check(Envelope envelope, boolean crossesRings) throws PeerException {
        answers.check(envelope, crossesRings);
    }

    /**
     * Answers a peer. Only a ping for another node takes longer than a moment.
     *
     * @throws PeerException when this node is not a member of a ring (yet, or any more)
     */
    public <A> A answer(RingRequest<A> request) throws PeerException {
        return answers.answer(request);
    }

    // -- what this node does by itself -------------------------------------------------------------------------------

    /** Stabilises once, and looks for lost peers, unless that is still under way. */
    public void stabilizeTick() {
        maintenance.stabilizeTick();
    }

    /** Refreshes some fingers, unless that is still under way. */
    public void fixFingersTick() {
        maintenance.fixFingersTick();
    }

    /** Pings the predecessor and the successors. */
    public void pingTick() {
        maintenance.pingTick();
    }

    /** Enters the ring as {@link Bootstrap} decides; goes on in the background until it is in or stopped. */
    public void startUp() {
        runtime.start("ring-startup", new Bootstrap(entrance, runtime, regrouping, contacts, identities.atStart(),
                cell.get().self(), settings.seeds())::run);
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
        entrance.join(address, false, wait);
    }

    /**
     * As {@link #join}, and if this node is in another ring with others, the two rings become one: whole, with all
     * their nodes. Returns once this node has its place in the other ring; the rest follows within seconds.
     */
    public void joinAndMerge(String address, Duration wait)
            throws JoinFailedException, TimeoutException, InterruptedException {
        entrance.join(address, true, wait);
    }

    /** Says that it is about to leave, or not any more. Peers see it in their pings. */
    public void setLeaving(boolean leaving) {
        exit.setLeaving(leaving);
    }

    /** Tells the neighbours, then everybody, that this node is gone. After it left for good it is a ring of one. */
    public void depart(boolean forGood) {
        exit.depart(forGood);
    }

    /** No more attempts to get in. */
    public void stop() {
        entrance.stop();
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

    /**
     * Gets all news of other features, once per message. News are hints that anybody may have made up: the reader
     * checks them, and hands what is true of them to the consumer that comes with them, which passes it on. Must be
     * quick itself.
     */
    public void readNews(BiConsumer<News, Consumer<News>> reader) {
        news.readBy(reader);
    }

    /** Who owns {@code key}: confirmed by the owner itself, unless it is silent. */
    public LookupResult lookup(ChordId key) throws LookupFailedException {
        return owners.find(memberState(key), key);
    }

    /** Who answers for {@code key}: its owner and the {@code size - 1} nodes after it. */
    public OwnerSet ownerSet(ChordId key, int size) throws LookupFailedException {
        return ownerSets.find(memberState(key), key, size);
    }

    private RingState memberState(ChordId key) throws LookupFailedException {
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
    public Map<ChordId, RingStatus> statusOf(List<Peer> peers) {
        List<PeerCall<RingRequest.Pong>> calls = new ArrayList<>();
        peers.forEach(peer -> calls.add(() ->
                detector.ask(peer, new RingRequest.Ping(), PATIENCE_FOR_A_VIEW)));
        Map<ChordId, RingStatus> answering = new TreeMap<>();
        Outcome.answers(runtime.gather(calls)).forEach(pong -> answering.put(pong.self().id(), pong.status()));
        return answering;
    }

    /**
     * What a node of this ring says of its own place.
     *
     * @throws PeerException when it does not answer, or is no member (any more)
     */
    public RingRequest.Pointers pointersOf(Peer peer) throws PeerException {
        return runtime.call(peer, new RingRequest.GetPointers(), PATIENCE_FOR_A_VIEW);
    }

    /** Tells everybody else. Returns once the first of them have it. */
    public void spread(News news) {
        broadcast.spread(news, cell.get().self().id());
    }

    /** What the background work has been doing. */
    public List<PeriodicTask> background() {
        return maintenance.background();
    }

    /**
     * What the failure detector sees, for people to look at.
     *
     * @param suspected    neighbours that are silent and not declared dead yet
     * @param lost         peers that went silent and are asked now and then whether they are back
     * @param healthFactor how many times longer than usual this node waits before it declares anybody dead: 1 in good
     *                     health
     */
    public record Watch(List<ChordId> suspected, List<Peer> lost, int healthFactor) {}

    /** Whom this node suspects, and whom it has lost. */
    public Watch watch() {
        return new Watch(detector.suspects().stream().map(RingRequest.Suspect::id).toList(), passive.all(),
                detector.healthFactor());
    }

    /** What the queue of steps has been doing. */
    public StepQueue.Progress steps() {
        return steps.progress();
    }
}
