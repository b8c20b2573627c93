package io.chordshare.ring;

import io.chordshare.id.ChordId;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.detector.PingReqTargets;
import io.chordshare.ring.detector.RttEstimator;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the simulator may do to a ring node that nobody else may. */
public final class RingTestAccess {

    public static final int MAX_ELECTORS = PersistentIdentity.MAX_ELECTORS;

    private RingTestAccess() {}

    /** The settings of production but for these. */
    public static RingSettings settings(int successors, List<String> seeds) {
        return settings(successors, seeds, RingSettings.FINGERS_PER_ROUND);
    }

    /** As {@link #settings(int, List)}, with fingers refreshed at another rate. */
    public static RingSettings settings(int successors, List<String> seeds, int fingersPerRound) {
        return new RingSettings(successors, seeds, RingSettings.REPING_AFTER, fingersPerRound);
    }

    /** Puts a node that has just been built into a state, without the steps that lead there. */
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

    /** What others read of a state when they take a step: neither fingers nor what it owns. */
    public static RingState pointers(RingState state) {
        Peer predecessor = state.predecessor();
        return new RingState(state.self(), state.ringId(), state.status(), predecessor,
                predecessor == null ? null : predecessor.id(), state.successors(), FingerTable.EMPTY);
    }

    /** What a node knows when it has heard that a peer lives under this incarnation. */
    public static RingState withNewer(RingState state, Peer peer) {
        return state.withNewer(peer);
    }

    /** Nothing known yet, and in no ring. */
    public static RingState joining(Peer self) {
        return RingState.joining(self, null);
    }

    /** The node is in the middle of a question of its own. */
    public static void setAsking(RingNode node) {
        try {
            Field asking = ExclusiveQuery.class.getDeclaredField("asking");
            asking.setAccessible(true);
            asking.set(questions(node), true);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Questions says otherwise now that it is asking", e);
        }
    }

    /** Whether the node would answer with busy. */
    public static boolean isAsking(RingNode node) {
        return questions(node).busy();
    }

    private static ExclusiveQuery questions(RingNode node) {
        return part(part(node, "answers", RequestHandler.class), "questions", ExclusiveQuery.class);
    }

    /** These have told the node that they left. */
    public static void departed(RingNode node, List<Peer> leavers) {
        KnownPeers contacts = part(node, "contacts", KnownPeers.class);
        leavers.forEach(leaver -> contacts.lost(leaver, RingListener.DepartureCause.LEFT));
    }

    /** Those of {@code peers} who have told the node that they left. */
    public static List<Peer> departedOf(RingNode node, Collection<Peer> peers) {
        KnownPeers contacts = part(node, "contacts", KnownPeers.class);
        return peers.stream().filter(contacts::hasDeparted).sorted(Comparator.comparing(Peer::id)).toList();
    }

    /** Stabilise from successor, and from its predecessor where that is nearer. */
    public static void stabilize(RingNode node) {
        stabilization(node).stabilize();
    }

    public static PingReqTargets helpers(RingNode node) {
        return part(node, "detector", FailureDetector.class).helpers();
    }

    /** Learns how long {@code peer} takes, however long that is. */
    public static void askPatiently(RingNode node, Peer peer) {
        try {
            part(node, "detector", FailureDetector.class).ask(peer, new RingRequest.Ping(),
                    RttEstimator.LONGEST_PATIENCE);
        } catch (PeerException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The second of the two steps by itself. */
    public static void stabilizeFromPredecessor(RingNode node, Peer candidate) {
        stabilization(node).stabilizeFromPredecessor(candidate);
    }

    public static void rectify(RingNode node, Peer candidate) {
        stabilization(node).rectify(candidate);
    }

    /** The failure detector's verdict. */
    public static void declareDead(RingNode node, Peer dead) {
        part(node, "detector", FailureDetector.class).declareDead(dead);
    }

    /** What the failure detector does with an answer to its ping. */
    public static boolean ping(RingNode node, Peer peer) throws PeerException {
        FailureDetector detector = part(node, "detector", FailureDetector.class);
        return detector.answered(peer, detector.ask(peer, new RingRequest.Ping()));
    }

    static void suspect(RingNode node, Peer peer) {
        part(node, "detector", FailureDetector.class).suspect(peer);
    }

    /** What the failure detector does with a helper's or a peer's answer. */
    static boolean answered(RingNode node, Peer asked, RingRequest.Pong pong) {
        return part(node, "detector", FailureDetector.class).answered(asked, pong);
    }

    /** What it does with the answer of {@code asked} that a helper brings. */
    static boolean brought(RingNode node, Peer asked, RingRequest.Pong pong) {
        return part(node, "detector", FailureDetector.class).secondHand().brought(asked, pong);
    }

    private static Stabilization stabilization(RingNode node) {
        return part(part(node, "answers", RequestHandler.class), "parts", MessageSteps.class).stabilization();
    }

    // -- rings in which every pointer is right ------------------------------------------------------------------------

    /** The state of the {@code i}th of {@code members}, which are in ring order, when every pointer is right. */
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

    /** Whom that member knows by its pointers, fingers aside. */
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
