package io.chordshare.ring.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.ring.join.Regrouping;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.Request;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The requests of the ring protocol. */
public sealed interface RingRequest<A> extends Request<A> {

    /** Limit of peers that one message may name. A successor list is far shorter. */
    int MAX_PEERS = 256;

    /** @throws IllegalArgumentException unless {@code list} has at most {@link #MAX_PEERS} entries */
    private static <T> List<T> bounded(@Nullable List<T> list, String what) {
        if (list == null || list.size() > MAX_PEERS) {
            throw new IllegalArgumentException(what + " must be a list of at most " + MAX_PEERS);
        }
        return List.copyOf(list);
    }

    private static <T> List<T> optional(@Nullable List<T> list, String what) {
        return list == null ? List.of() : bounded(list, what);
    }

    /**
     * Asks whether a node is alive. Answered immediately, whatever else the node does.
     *
     * @param from     the asker; null when it does not matter
     * @param suspects nodes that the asker has not heard for a while, perhaps the receiver itself, which can then
     * refute it
     */
    record Ping(@Nullable ChordId from, List<Suspect> suspects) implements RingRequest<Pong> {

        public Ping {
            suspects = bounded(suspects, "suspects");
        }

        public Ping() {
            this(null, List.of());
        }
    }

    /** A node as another node suspects it. It refutes the suspicion with a higher incarnation. */
    record Suspect(ChordId id, long incarnation) {

        public Suspect {
            Objects.requireNonNull(id, "id");
            if (incarnation < 0 || incarnation > Peer.MAX_INCARNATION) {
                throw new IllegalArgumentException("an incarnation cannot be " + incarnation);
            }
        }

        public static Suspect of(Peer peer) {
            return new Suspect(peer.id(), peer.incarnation());
        }
    }

    /**
     * The answer to a ping.
     *
     * @param self    the node that answers
     * @param ringIds the ids of its ring, see {@link RingIds}; empty before its first ring
     * @param status  its status in that ring
     * @param refuted the asker's suspects that have answered this node with a higher incarnation since
     * @param predecessor the node before it, which also watches it; null when unknown, or from an older version
     */
    record Pong(Peer self, List<String> ringIds, RingStatus status, List<Peer> refuted, @Nullable Peer predecessor) {

        public Pong {
            Objects.requireNonNull(self, "self");
            Objects.requireNonNull(status, "status");
            ringIds = Envelope.checkRingIds(ringIds);
            refuted = optional(refuted, "refuted");
        }
    }

    /**
     * Asks the receiver to ping {@code peer}, because the asker does not hear it.
     *
     * @param timeoutMillis how long to wait for {@code peer}
     */
    record PingReq(Peer peer, @JsonProperty("patienceMillis") long timeoutMillis)
            implements RingRequest<PingReqAnswer> {

        public PingReq {
            Objects.requireNonNull(peer, "peer");
        }
    }

    /**
     * The answer to a ping-req.
     *
     * @param pong      the answer of the peer; null when there was none
     * @param suspected whether the receiver itself found the peer silent before it was asked; null from an older
     * version
     */
    record PingReqAnswer(@Nullable Pong pong, @Nullable Boolean suspected) {

        public boolean isSuspected() {
            return Boolean.TRUE.equals(suspected);
        }
    }

    /**
     * Announces a part of the ring that the receiver may not know. {@code stranger} is in it. The receiver looks its
     * own place up there (Shafaat, Ghodsi and Haridi's ring unification).
     */
    record UnifyRings(Peer stranger) implements RingRequest<Done> {

        public UnifyRings {
            Objects.requireNonNull(stranger, "stranger");
        }
    }

    /** The question of both stabilize steps: the receiver's predecessor and list. The answer may be busy. */
    record GetPredecessorAndSuccessors() implements RingRequest<Neighbours> {}

    /** The same question, answered immediately from the snapshot. For lookups and displays, not for steps. */
    record GetNeighbours() implements RingRequest<Neighbours> {}

    /**
     * The neighbours of the node that answers.
     *
     * @param busy        the node is in a step of its own: only a sign of life
     * @param self        the node that answers, with its current incarnation
     * @param predecessor null when unknown
     * @param boundary    the start of its range, excluded; null in a ring of one
     * @param successors  its successor list
     */
    record Neighbours(boolean busy, Peer self, @Nullable Peer predecessor, @Nullable ChordId boundary,
                      List<Peer> successors) {

        public Neighbours {
            Objects.requireNonNull(self, "self");
            successors = bounded(successors, "successors");
        }

        public static Neighbours of(RingState state) {
            return new Neighbours(false, state.self(), state.predecessor(), state.boundary(), state.successors());
        }

        static Neighbours busy(Peer self) {
            return new Neighbours(true, self, null, null, List.of());
        }

        /** The range that the answering node owns. */
        public RingInterval range() {
            return new RingInterval(boundary == null ? self.id() : boundary, self.id());
        }
    }

    /** Asks for all pointers of a node, including fingers, for people to read. */
    record GetPointers() implements RingRequest<Pointers> {}

    /**
     * A node's place in the ring, as it reports itself. Fields as in {@link RingState}; each finger once, at its first
     * slot.
     */
    record Pointers(Peer self, RingStatus status, @Nullable Peer predecessor, @Nullable ChordId boundary,
                    List<Peer> successors, List<FingerTable.Slot> fingers) {

        public Pointers {
            Objects.requireNonNull(self, "self");
            Objects.requireNonNull(status, "status");
            successors = bounded(successors, "successors");
            fingers = bounded(fingers, "fingers");
        }

        public static Pointers of(RingState state) {
            return new Pointers(state.self(), state.status(), state.predecessor(), state.boundary(), state.successors(),
                    FingerTable.slots(state));
        }
    }

    /** The question of the join step: may the joiner come between the receiver and its successor? */
    record Join(Peer joiner) implements RingRequest<JoinAnswer> {

        public Join {
            Objects.requireNonNull(joiner, "joiner");
        }
    }

    /**
     * The answer to a join.
     *
     * @param verdict    yes, or why not
     * @param ringIds    the ids of the ring to enter
     * @param successors the list to start with
     */
    record JoinAnswer(JoinVerdict verdict, List<String> ringIds, List<Peer> successors) {

        public JoinAnswer {
            Objects.requireNonNull(verdict, "verdict");
            ringIds = Envelope.checkRingIds(ringIds);
            successors = bounded(successors, "successors");
        }
    }

    /** A member's decision on a joiner. */
    enum JoinVerdict {
        ADMITTED,
        /** The member is in a step of its own. */
        BUSY,
        /** Another joiner was admitted here and is not in the ring yet: choose another id, or wait. */
        WAIT,
        /** A node of the ring has this id. */
        TAKEN,
        /** The id is not between this node and its successor: look the place up again. */
        ELSEWHERE,
        /** The joiner does not answer at its address, or another node does. */
        UNREACHABLE
    }

    /**
     * A node that was in a ring has started again and looks for the other members, see {@link Regrouping}.
     *
     * @param self    the asker, with its current address
     * @param ringIds the ids of the ring that it was in
     * @param waiting other members of that ring that it has found and that look for the ring too
     * @param begins  whether it asks for a vote to found the ring again
     */
    record Regroup(Peer self, List<String> ringIds, List<Peer> waiting, boolean begins)
            implements RingRequest<Regrouped> {

        public Regroup {
            Objects.requireNonNull(self, "self");
            ringIds = Envelope.checkRingIds(ringIds);
            waiting = bounded(waiting, "waiting");
        }
    }

    /**
     * The answer to a regroup.
     *
     * @param self     the node that answers
     * @param ringIds  the ids of its ring, or of its ring before the restart; empty before its first ring
     * @param status   its status in that ring
     * @param waiting  as in the question
     * @param electors the ids of the electors, as it remembers them
     * @param agrees   whether it votes for the asker, and so for no other node for a while
     */
    record Regrouped(Peer self, List<String> ringIds, RingStatus status, List<Peer> waiting, List<ChordId> electors,
                     boolean agrees) {

        public Regrouped {
            Objects.requireNonNull(self, "self");
            Objects.requireNonNull(status, "status");
            ringIds = Envelope.checkRingIds(ringIds);
            waiting = bounded(waiting, "waiting");
            electors = bounded(electors, "electors").stream().distinct().toList();
        }
    }

    /** Tells the receiver that {@code candidate} may be its predecessor. */
    record Notify(Peer candidate) implements RingRequest<Done> {

        public Notify {
            Objects.requireNonNull(candidate, "candidate");
        }
    }

    /** Asks for the owner of {@code key}, or for closer nodes. */
    record NextHop(ChordId key) implements RingRequest<Hop> {

        public NextHop {
            Objects.requireNonNull(key, "key");
        }
    }

    /**
     * The owner, or closer nodes.
     *
     * @param owner       null when not known here
     * @param predecessor the node before the owner; without an owner, the node before the one that answers; null when
     * unknown
     * @param successors  the nodes after the owner
     * @param closer      up to three nodes closer to the key, best first
     */
    record Hop(@Nullable Peer owner, @Nullable Peer predecessor, List<Peer> successors, List<Peer> closer) {

        public Hop {
            successors = bounded(successors, "successors");
            closer = bounded(closer, "closer");
        }
    }

    /**
     * News for all nodes: the receiver handles them and forwards them within its part of the ring.
     *
     * @param limit the end of that part, excluded
     */
    record BroadcastRequest(News news, ChordId limit) implements RingRequest<Done> {

        public BroadcastRequest {
            Objects.requireNonNull(news, "news");
            Objects.requireNonNull(limit, "limit");
        }
    }

    /** The request was done, or will be. */
    record Done() {}
}
