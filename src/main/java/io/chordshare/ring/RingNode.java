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
import io.chordshare.ring.membership.IdentityStore;
import io.chordshare.ring.membership.IdentityStore.Identity;
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
import io.chordshare.ring.stabilize.PartitionDetector;
import io.chordshare.ring.stabilize.Recovery;
import io.chordshare.ring.stabilize.RingUnification;
import io.chordshare.ring.stabilize.Stabilization;
import io.chordshare.ring.stabilize.StabilizeTask;
import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node of the ring. It answers its peers, and keeps its place by background work that a scheduler outside ticks (see
 * {@link #stabilizeTick}, {@link #fixFingersTick}, {@link #pingTick}). Safe for use by many threads. This class puts
 * the parts together. Each part is a class of its own.
 */
public final class RingNode {

    private final NodeRuntime runtime;
    private final RingSettings settings;
    private final StateCell cell;
    private final KnownPeers knownPeers;
    private final PersistentIdentity persistentIdentity;
    private final RingIds ringIds;
    private final OwnerLookup owners;
    private final Broadcast broadcast;
    private final RingWalk ringWalk;
    private final OwnerSets ownerSets;
    private final Regrouping regrouping;
    private final NewsHandler news;
    private final RequestHandler requestHandler;
    private final RingEntry ringEntry;
    private final Departure departure;
    private final Maintenance maintenance;
    private final RingInspection inspection;

    /**
     * @param identityStore where this node keeps its identity
     * @param address       the address that peers are told: {@code http://host:port}
     */
    public RingNode(RingSettings settings, NodeRuntime runtime, IdentityStore identityStore, String address) {
        this.runtime = runtime;
        this.settings = settings;
        Identity loaded = identityStore.load().orElse(Identity.NEW);
        // before the first join chooses an id, a random id stands in for it
        ChordId id = loaded.id() == null ? ChordId.random(runtime.random()) : loaded.id();
        Peer self = new Peer(id, address, PersistentIdentity.atNextStart(loaded).incarnation());
        cell = new StateCell(RingState.joining(self, loaded.ringId()));
        StepQueue steps = new StepQueue(runtime);
        ringIds = new RingIds(cell, loaded.ringIds(), settings.slots());
        knownPeers = new KnownPeers(runtime, loaded.knownPeers().reversed());
        PassiveList passive = new PassiveList(runtime, loaded.lost());
        persistentIdentity = new PersistentIdentity(identityStore, runtime, loaded, knownPeers, passive, ringIds);
        FailureDetector detector = new FailureDetector(runtime, settings, cell, ringIds, passive);
        ExclusiveQuery exclusiveQuery = new ExclusiveQuery(runtime, detector);
        Routing routing = new Routing(detector);
        Lookup lookup = new Lookup(detector, routing);
        owners = new OwnerLookup(detector, routing, lookup);
        broadcast = new Broadcast(cell, detector, runtime);
        ringWalk = new RingWalk(detector, lookup);
        ownerSets = new OwnerSets(detector, owners);
        Stabilization stabilization =
                new Stabilization(cell, exclusiveQuery, detector, settings, knownPeers, passive, ringIds);
        ThisNode node = new ThisNode(runtime, cell, steps);
        Membership membership = new Membership(ringIds, knownPeers, passive, persistentIdentity);
        RingUnification unification = new RingUnification(node, membership, stabilization, detector, lookup,
                broadcast);
        PartitionDetector partitions = new PartitionDetector(node, membership, detector, lookup, unification,
                settings.seeds());
        regrouping = new Regrouping(runtime, cell, ringIds, persistentIdentity.atStart());
        Admission admission = new Admission(cell, exclusiveQuery, runtime, steps, stabilization, ringIds, detector);
        LeaveNotices notices = new LeaveNotices(node, membership, stabilization, detector);
        news = new NewsHandler(runtime, ringIds, notices, unification, broadcast);
        requestHandler = new RequestHandler(node, ringIds, new PingHandler(node, membership, detector),
                exclusiveQuery, routing, news, new MessageSteps(admission, stabilization, unification, regrouping));
        departure = new Departure(node, membership, exclusiveQuery, broadcast);
        Recovery recovery = new Recovery(node, membership, stabilization, detector, lookup);
        maintenance = new Maintenance(runtime, new StabilizeTask(node, stabilization, recovery, departure),
                new FixFingers(cell, lookup, settings.fingersPerRound()), detector,
                new ElectorWatch(node, persistentIdentity, ringWalk), partitions);
        JoinStep joinStep = new JoinStep(cell, exclusiveQuery, lookup, detector, ringIds, runtime);
        ringEntry = new RingEntry(node, membership, joinStep, stabilization, detector, unification,
                maintenance::fixFingersTick);
        inspection = new RingInspection(runtime, steps, passive, detector, maintenance);
        cell.onChange(this::saveFirstNeighbours);
    }

    /**
     * Saves the first neighbours of a ring of one immediately: after a restart without them, the node would found a new
     * ring.
     */
    private void saveFirstNeighbours(RingState before, RingState after) {
        if (before.status() == RingStatus.ALONE && after.status() == RingStatus.MEMBER) {
            after.neighbours().forEach(knownPeers::met);
            persistentIdentity.entered(after);
        }
    }

    // -- requests of peers --------------------------------------------------------------------------------------------

    /** The envelope of a message from this node to {@code to}. */
    public Envelope envelope(@Nullable ChordId to) {
        return new Envelope(to, cell.get().status().isMember() ? ringIds.all() : List.of());
    }

    /**
     * Checks a message of a peer before anything else: is it meant for this node, and does it come from this ring?
     *
     * @param crossesRings whether the message may come from another ring, as pings do, because a ping tells the rings
     * apart
     * @throws PeerException {@code NOT_THAT_NODE} or {@code WRONG_RING}
     */
    public void check(Envelope envelope, boolean crossesRings) throws PeerException {
        requestHandler.check(envelope, crossesRings);
    }

    /**
     * Answers a peer. Only a ping for another node takes longer than a moment.
     *
     * @throws PeerException when this node is not a member of a ring
     */
    public <A> A answer(RingRequest<A> request) throws PeerException {
        return requestHandler.answer(request);
    }

    // -- background work ----------------------------------------------------------------------------------------------

    /** Stabilizes once and looks for lost peers, unless the last run is still under way. */
    public void stabilizeTick() {
        maintenance.stabilizeTick();
    }

    /** Refreshes some fingers, unless the last run is still under way. */
    public void fixFingersTick() {
        maintenance.fixFingersTick();
    }

    /** Pings the predecessor and the successors. */
    public void pingTick() {
        maintenance.pingTick();
    }

    /**
     * Enters the ring as {@link Bootstrap} decides. Continues in the background until this node is a member or is
     * stopped.
     */
    public void startUp() {
        runtime.start("ring-startup", new Bootstrap(ringEntry, runtime, regrouping, knownPeers,
                persistentIdentity.atStart(), cell.get().self(), settings.seeds())::run);
    }

    // -- joining and leaving -----------------------------------------------------------------------------------------

    /**
     * Joins the ring of the node at {@code address}. Returns when this node is a member there, or immediately when it
     * already is.
     *
     * @param wait the longest time to wait
     * @throws JoinFailedException with the reason and what to do
     * @throws TimeoutException    when {@code wait} passes first; the join continues
     */
    public void join(String address, Duration wait) throws JoinFailedException, TimeoutException, InterruptedException {
        ringEntry.join(address, false, wait);
    }

    /**
     * As {@link #join}. If this node is in another ring with other nodes, the two rings become one ring with all their
     * nodes. Returns when this node has its place in the other ring. The rest follows within seconds.
     */
    public void joinAndMerge(String address, Duration wait)
            throws JoinFailedException, TimeoutException, InterruptedException {
        ringEntry.join(address, true, wait);
    }

    /** Marks this node as about to leave, or not. Peers see the mark in pings. */
    public void setLeaving(boolean leaving) {
        departure.setLeaving(leaving);
    }

    /**
     * Tells the neighbours first and then all nodes that this node is gone. After leaving for good, this node is a ring
     * of one.
     */
    public void depart(boolean forGood) {
        departure.depart(forGood);
    }

    /**
     * Leaves for good with data that nobody else may have. This node is a ring of one then, under another id: under the
     * old one it has made promises that it knows nothing of any more.
     */
    public void departAsNewNode() {
        departure.departAsNewNode();
    }

    /**
     * A node that finds no other node of its ring goes on alone: a person says that the others are gone.
     *
     * @return a node of this ring that answers nevertheless: then this node does not
     */
    public Optional<Peer> standAlone() {
        return ringEntry.standAlone();
    }

    /** Stops all attempts to enter a ring. */
    public void stop() {
        ringEntry.stop();
    }

    // -- for the other features ---------------------------------------------------------------------------------------

    /** A snapshot of what this node knows about its place in the ring. */
    public RingState state() {
        return cell.get();
    }

    /** Adds a listener for all later changes. */
    public void listen(RingListener listener) {
        cell.listen(listener);
    }

    /**
     * Registers the reader for news of other features. Each message reaches the reader once. News are hints that
     * anybody may have forged: the reader checks them and hands true ones to the given consumer, which forwards them.
     * The reader must be quick.
     */
    public void readNews(BiConsumer<News, Consumer<News>> reader) {
        news.readBy(reader);
    }

    /** The owner of {@code key}. The owner itself confirms it, unless it is silent. */
    public LookupResult lookup(ChordId key) throws LookupFailedException {
        return owners.find(memberState(key), key);
    }

    /** The owner set of {@code key}: its owner and the {@code size - 1} nodes after it. */
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

    /** All nodes of the ring in order, including those that do not answer. This node comes first. */
    public List<Peer> walkRing() {
        return ringWalk.take(cell.get());
    }

    /** Broadcasts {@code news} to all other nodes. Returns when the first receivers have it. */
    public void broadcast(News news) {
        broadcast.send(news, cell.get().self().id());
    }

    /** What people can read about this node and its peers. */
    public RingInspection inspection() {
        return inspection;
    }
}
