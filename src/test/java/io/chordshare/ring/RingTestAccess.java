package io.chordshare.ring;

import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.detector.PingReqTargets;
import io.chordshare.ring.detector.RttEstimator;
import io.chordshare.ring.detector.Suspicions;
import io.chordshare.ring.membership.KnownPeers;
import io.chordshare.ring.membership.PersistentIdentity;
import io.chordshare.ring.protocol.ExclusiveQuery;
import io.chordshare.ring.protocol.FingerTable;
import io.chordshare.ring.protocol.MessageSteps;
import io.chordshare.ring.protocol.RequestHandler;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.ring.stabilize.Stabilization;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Access to parts of a ring node for the simulator and tests only. */
public final class RingTestAccess {

    public static final int MAX_ELECTORS = PersistentIdentity.MAX_ELECTORS;

    private RingTestAccess() {}

    /** The settings of production, except for the arguments. */
    public static RingSettings settings(int successors, List<String> seeds) {
        return new RingSettings(successors, seeds, RingSettings.REPING_AFTER, RingSettings.FINGERS_PER_ROUND);
    }

    /** As {@link #settings(int, List)}, with fingers refreshed at another rate, and other slots. */
    public static RingSettings settings(int successors, List<String> seeds, int fingersPerRound, Slots slots) {
        return new RingSettings(successors, seeds, RingSettings.REPING_AFTER, fingersPerRound, slots);
    }

    /** Sets the state of a new node directly, without the steps that lead there. */
    public static void place(RingNode node, RingState state) {
        part(node, "cell", StateCell.class).update(before -> state);
    }

    private static <P> P part(Object whole, String name, Class<P> type) {
        try {
            Field field = whole.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return type.cast(field.get(whole));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(whole.getClass().getSimpleName() + " has no part " + name + " now", e);
        }
    }

    // -- one step at a time, without the queue ------------------------------------------------------------------------

    /** The part of a state that other nodes read in a step: without fingers and range. */
    public static RingState pointers(RingState state) {
        Peer predecessor = state.predecessor();
        return new RingState(state.self(), state.ringId(), state.status(), predecessor,
                predecessor == null ? null : predecessor.id(), state.successors(), FingerTable.EMPTY);
    }

    /** The state after the node heard that {@code peer} lives under this incarnation. */
    public static RingState withNewer(RingState state, Peer peer) {
        return state.withNewer(peer);
    }

    /** The state of a node that knows nothing yet and is in no ring. */
    public static RingState joining(Peer self) {
        return RingState.joining(self, null);
    }

    /** Puts the node in the middle of a question of its own. */
    public static void setAsking(RingNode node) {
        try {
            Field asking = ExclusiveQuery.class.getDeclaredField("asking");
            asking.setAccessible(true);
            asking.set(exclusiveQuery(node), true);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("ExclusiveQuery has no field asking now", e);
        }
    }

    /** Whether the node would answer busy. */
    public static boolean isAsking(RingNode node) {
        return exclusiveQuery(node).busy();
    }

    private static ExclusiveQuery exclusiveQuery(RingNode node) {
        return part(part(node, "requestHandler", RequestHandler.class), "exclusiveQuery", ExclusiveQuery.class);
    }

    /** The node has got the leave notices of {@code leavers}. */
    public static void departed(RingNode node, List<Peer> leavers) {
        KnownPeers knownPeers = part(node, "knownPeers", KnownPeers.class);
        leavers.forEach(leaver -> knownPeers.lost(leaver, RingListener.DepartureCause.LEFT));
    }

    /** Those of {@code peers} whose leave notice the node has got. */
    public static List<Peer> departedOf(RingNode node, Collection<Peer> peers) {
        KnownPeers knownPeers = part(node, "knownPeers", KnownPeers.class);
        return peers.stream().filter(knownPeers::hasDeparted).sorted(Comparator.comparing(Peer::id)).toList();
    }

    /** Stabilizes from the successor, and from its predecessor when that is nearer. */
    public static void stabilize(RingNode node) {
        stabilization(node).stabilize();
    }

    public static PingReqTargets pingReqTargets(RingNode node) {
        return detector(node).pingReqTargets();
    }

    /** Learns how long {@code peer} takes, with the longest timeout. */
    public static void askWithLongTimeout(RingNode node, Peer peer) {
        try {
            detector(node).ask(peer, new RingRequest.Ping(),
                    RttEstimator.MAX_TIMEOUT);
        } catch (PeerException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Only the second of the two steps. */
    public static void stabilizeFromPredecessor(RingNode node, Peer candidate) {
        stabilization(node).stabilizeFromPredecessor(candidate);
    }

    public static void rectify(RingNode node, Peer candidate) {
        stabilization(node).rectify(candidate);
    }

    /** The failure detector's verdict. */
    public static void declareDead(RingNode node, Peer dead) {
        detector(node).declareDead(dead);
    }

    /** What the failure detector does with an answer to its ping. */
    public static boolean ping(RingNode node, Peer peer) throws PeerException {
        FailureDetector detector = detector(node);
        return detector.answered(peer, detector.ask(peer, new RingRequest.Ping()));
    }

    static void suspect(RingNode node, Peer peer) {
        try {
            Method suspect = Suspicions.class.getDeclaredMethod("suspect", Peer.class);
            suspect.setAccessible(true);
            suspect.invoke(detector(node).suspicions(), peer);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Suspicions has no method suspect(Peer) now", e);
        }
    }

    /** What the failure detector does with an answer of a ping-req target or of the peer. */
    static boolean answered(RingNode node, Peer asked, RingRequest.Pong pong) {
        return detector(node).answered(asked, pong);
    }

    /** What it does with the answer of {@code asked} that a ping-req target reports. */
    static boolean brought(RingNode node, Peer asked, RingRequest.Pong pong) {
        return detector(node).secondHand().brought(asked, pong);
    }

    private static FailureDetector detector(RingNode node) {
        return part(part(node, "inspection", RingInspection.class), "detector", FailureDetector.class);
    }

    private static Stabilization stabilization(RingNode node) {
        RequestHandler handler = part(node, "requestHandler", RequestHandler.class);
        return part(handler, "messageSteps", MessageSteps.class).stabilization();
    }

    // -- rings in which every pointer is right ------------------------------------------------------------------------

    /** The right state of the {@code i}th of {@code members}, which are in ring order. */
    public static RingState ideal(List<Peer> members, int i, int successors, String ringId) {
        int size = members.size();
        Peer self = members.get(i);
        if (size == 1) {
            return RingState.alone(self, ringId);
        }
        Peer predecessor = members.get((i + size - 1) % size);
        RingState bare = new RingState(self, ringId, RingStatus.MEMBER, predecessor, predecessor.id(),
                successorsOf(members, i, successors), FingerTable.EMPTY);
        Map<Integer, Peer> fingers = new TreeMap<>();
        for (int exponent = FingerTable.firstUncovered(bare); exponent < ChordId.BITS; exponent++) {
            fingers.put(exponent, owner(members, self.id().plusPowerOfTwo(exponent)));
        }
        return bare.withFingers(new FingerTable(fingers));
    }

    /** The right neighbours of that member, without fingers. */
    public static List<Peer> neighbours(List<Peer> members, int i, int successors) {
        List<Peer> neighbours = new ArrayList<>(successorsOf(members, i, successors));
        Peer predecessor = members.get((i + members.size() - 1) % members.size());
        if (members.size() > 1 && neighbours.stream().noneMatch(predecessor::sameNode)) {
            neighbours.add(predecessor);
        }
        return neighbours;
    }

    private static List<Peer> successorsOf(List<Peer> members, int i, int successors) {
        List<Peer> list = new ArrayList<>(successors);
        for (int next = 1; next <= Math.min(successors, members.size() - 1); next++) {
            list.add(members.get((i + next) % members.size()));
        }
        return list;
    }

    private static Peer owner(List<Peer> members, ChordId key) {
        int found = Collections.binarySearch(members, new Peer(key, "http://any:80", 0),
                (one, other) -> one.id().compareTo(other.id()));
        return members.get((found >= 0 ? found : -found - 1) % members.size());
    }
}
