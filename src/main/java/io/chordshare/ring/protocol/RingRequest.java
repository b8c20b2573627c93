package io.chordshare.ring.protocol;

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

/** What nodes ask each other about the ring. */
public sealed interface RingRequest<A> extends Request<A> {

    /** As many peers as one message may name: a successor list is far shorter. */
    int MAX_PEERS = 256;

    /** @throws IllegalArgumentException unless it is a list of at most {@link #MAX_PEERS} */
    private static <T> List<T> bounded(@Nullable List<T> list, String what) {
        if (list == null || list.size() > MAX_PEERS) {
            throw new IllegalArgumentException(what + " are a list of at most " + MAX_PEERS);
        }
        return List.copyOf(list);
    }

    private static <T> List<T> optional(@Nullable List<T> list, String what) {
        return list == null ? List.of() : bounded(list, what);
    }

    /**
     * Are you there? Answered at once, whatever else the node does.
     *
     * @param from     who asks; null when it does not matter
     * @param suspects whom the asker has not heard for a while, the asked itself perhaps: it can refute that
     */
    record Ping(@Nullable ChordId from, List<Suspect> suspects) implements RingRequest<Pong> {

        public Ping {
            suspects = bounded(suspects, "suspects");
        }

        public Ping() {
            this(null, List.of());
        }
    }

    /** A node as somebody suspects it. It refutes that by a higher incarnation. */
    record Suspect(ChordId id, long incarnation) {

        public Suspect {
            Objects.requireNonNull(id, "id");
            if (incarnation < 0 || incarnation > Peer.MAX_INCARNATION) {
                throw new IllegalArgumentException("no node has the incarnation " + incarnation);
            }
        }

        public static Suspect of(Peer peer) {
            return new Suspect(peer.id(), peer.incarnation());
        }
    }

    /**
     * @param self    who answers
     * @param ringIds the ids of the ring it is in, see {@link RingIds}; empty before its first
     * @param status  what it is to that ring
     * @param refuted of the asker's suspects those that have answered this node with a higher incarnation since
     * @param predecessor who stands before it, and so watches it, too; null when unknown, and of an older version
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
     * Ping {@code peer} for me: I do not hear it.
     *
     * @param patienceMillis how long to wait for it
     */
    record PingReq(Peer peer, long patienceMillis) implements RingRequest<PingReqAnswer> {

        public PingReq {
            Objects.requireNonNull(peer, "peer");
        }
    }

    /**
     * @param pong      what it answered; null when it did not
     * @param suspected whether the helper had found out by itself, before it was asked, that the peer is silent; a
     *                  helper of an older version does not say
     */
    record PingReqAnswer(@Nullable Pong pong, @Nullable Boolean suspected) {

        public boolean isSuspected() {
            return Boolean.TRUE.equals(suspected);
        }
    }

    /**
     * There may be a part of the ring that you do not know of, and {@code stranger} is in it: look your own place up
     * there (Shafaat, Ghodsi and Haridi's ring unification).
     */
    record UnifyRings(Peer stranger) implements RingRequest<Done> {

        public UnifyRings {
            Objects.requireNonNull(stranger, "stranger");
        }
    }

    /** The question of both stabilise steps: your predecessor and your list. May be answered with busy. */
    record GetPredecessorAndSuccessors() implements RingRequest<Neighbours> {}

    /** The same, answered at once from the snapshot: good for lookups and views, not for a step. */
    record GetNeighbours() implements RingRequest<Neighbours> {}

    /**
     * @param busy        it is in the middle of a step of its own: a sign of life and nothing else
     * @param self        who answers, with its present incarnation
     * @param predecessor null when unknown
     * @param boundary    what it owns starts after this; null in a ring of one
     * @param successors  its list
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

        /** What the answering node owns. */
        public RingInterval range() {
            return new RingInterval(boundary == null ? self.id() : boundary, self.id());
        }
    }

    /** All that you know of your place, fingers too: for people to look at. */
    record GetPointers() implements RingRequest<Pointers> {}

    /**
     * A node's place in the ring as it says itself. Fields as in {@link RingState}; each finger once, at its first
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

    /** The question of the join step: may I come between you and your successor? */
    record Join(Peer joiner) implements RingRequest<JoinAnswer> {

        public Join {
            Objects.requireNonNull(joiner, "joiner");
        }
    }

    /**
     * @param verdict    yes, or why not
     * @param ringIds    the ids of the ring to be in
     * @param successors the list to start with
     */
    record JoinAnswer(JoinVerdict verdict, List<String> ringIds, List<Peer> successors) {

        public JoinAnswer {
            Objects.requireNonNull(verdict, "verdict");
            ringIds = Envelope.checkRingIds(ringIds);
            successors = bounded(successors, "successors");
        }
    }

    /** What a member says to a joiner. */
    enum JoinVerdict {
        ADMITTED,
        /** In the middle of a step of its own. */
        BUSY,
        /** Another joiner was let in here and is not in yet: draw another id, or wait. */
        WAIT,
        /** The id belongs to a node that is in the ring. */
        TAKEN,
        /** The id is not between this node and its successor: look it up again. */
        ELSEWHERE,
        /** The joiner does not answer at the address that it gives, or somebody else does. */
        UNREACHABLE
    }

    /**
     * This node was in a ring, has started again, and looks for the others, see {@link Regrouping}.
     *
     * @param self    who asks, with the address at which it listens now
     * @param ringIds the ids of the ring that it was in
     * @param waiting the other members of that ring that it has found, and that look for the ring, too
     * @param begins  whether it asks for leave to begin the ring again
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
     * @param self     who answers
     * @param ringIds  the ids of the ring that it is in, or was in before it started; empty before its first
     * @param status   what it is to that ring
     * @param waiting  as in the question
     * @param electors the ids of those of whom a majority may begin the ring again, as it remembers them
     * @param agrees   whether it lets the asker begin, and nobody else for a while
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

    /** I may be your predecessor. */
    record Notify(Peer candidate) implements RingRequest<Done> {

        public Notify {
            Objects.requireNonNull(candidate, "candidate");
        }
    }

    /** Who owns {@code key}, or who is closer? */
    record NextHop(ChordId key) implements RingRequest<Hop> {

        public NextHop {
            Objects.requireNonNull(key, "key");
        }
    }

    /**
     * Either the owner, or closer nodes.
     *
     * @param owner       null when not known here
     * @param predecessor the node before the owner; without an owner, the one before the node that answers. Null when
     *                    unknown
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
     * News for everybody: take it, and pass it on within your part of the ring.
     *
     * @param limit where that part ends (not included)
     */
    record BroadcastRequest(News news, ChordId limit) implements RingRequest<Done> {

        public BroadcastRequest {
            Objects.requireNonNull(news, "news");
            Objects.requireNonNull(limit, "limit");
        }
    }

    /** It was done, or will be. */
    record Done() {}
}
