package io.chordshare.ring.join;

import io.chordshare.id.ChordId;
import io.chordshare.ring.membership.IdentityStore.Identity;
import io.chordshare.ring.membership.PersistentIdentity;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.RingRequest.Regroup;
import io.chordshare.ring.protocol.RingRequest.Regrouped;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.runtime.Backoff;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets the members of one ring find each other when all of them start again, at whatever addresses, and elect one of
 * them to found the ring again. A waiting node tells every peer that it finds who it is and whom it has found. Such
 * reports are hints: only a node that answers itself counts.
 *
 * <p>Only one node may found the ring. It needs the votes of a majority of its electors, and of the electors that each
 * voter remembers. A node votes for one node at a time, and for none while it is in a ring. Two majorities of the same
 * electors share a node, so two nodes never hold a majority at the same time.
 */
public final class Regrouping {

    /** A node with a majority may found the ring within this time after it asked. */
    private static final Duration MAY_FOUND_WITHIN = Duration.ofSeconds(2);
    /**
     * A vote binds the voter for this time. It is longer than {@link #MAY_FOUND_WITHIN} by every clock, even one that
     * is a third slow or fast.
     */
    private static final Duration VOTE_LASTS = Duration.ofSeconds(4);
    /** Each node with a lower id gets this time to try first. So usually the lowest tries at once. */
    private static final Duration LOWER_FIRST = Duration.ofSeconds(3);
    private static final int MAX_LOWER = 4;
    /**
     * Pause before the next attempt. It soon grows much longer than a vote lasts, so that the voters can vote for
     * another node.
     */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    /** A node not heard for this time may have stopped. */
    private static final Duration HEARD_WITHIN = Duration.ofSeconds(20);
    /**
     * Twice the number of electors. Further nodes enter the ring through these. The node heard first is dropped first.
     */
    private static final int MAX_WAITING = 2 * PersistentIdentity.MAX_ELECTORS;
    private static final int MAX_HINTS = 2 * PersistentIdentity.MAX_ELECTORS;

    private record Heard(Peer peer, Duration at) {}

    private record Vote(Peer to, Duration at) {}

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final RingIds ringIds;
    private final Identity identity;
    private final Duration started;
    private final BoundedMap<ChordId, Heard> waiting = BoundedMap.byAge(MAX_WAITING);
    private final Set<ChordId> left = new TreeSet<>();
    private final Set<String> hints = new LinkedHashSet<>();
    private @Nullable Vote vote;
    private @Nullable Duration tryAt;
    private Duration pause = FIRST_PAUSE;
    private @Nullable CompletableFuture<Void> news;

    public Regrouping(NodeRuntime runtime, StateCell cell, RingIds ringIds, Identity identity) {
        this.runtime = runtime;
        this.cell = cell;
        this.ringIds = ringIds;
        this.identity = identity;
        this.started = runtime.uptime();
    }

    // -- requests of peers --------------------------------------------------------------------------------------------

    /**
     * Answers with this node's identity and the peers that it has found. Learns addresses from nodes that look for the
     * same ring.
     */
    public Regrouped answer(Regroup message) {
        boolean ours = ringIds.knows(message.ringIds());
        if (ours && cell.get().status() == RingStatus.JOINING) {
            addHints(message.self(), message.waiting());
        }
        boolean agrees = ours && message.begins() && voteFor(message.self());
        RingState state = cell.get();
        return new Regrouped(state.self(), ringIds.all(), state.status(), waiting(), electors(), agrees);
    }

    private synchronized void addHints(Peer teller, List<Peer> others) {
        List<String> addresses = new ArrayList<>(List.of(teller.address()));
        others.stream().limit(MAX_WAITING).forEach(peer -> addresses.add(peer.address()));
        boolean isNew = false;
        for (String address : addresses) {
            isNew |= !address.equals(cell.get().self().address()) && !isKnown(address) && hints.add(address);
        }
        while (hints.size() > MAX_HINTS) {
            hints.remove(hints.iterator().next());
        }
        if (isNew && news != null) {
            news.complete(null);
        }
    }

    private boolean isKnown(String address) {
        return waiting.values().stream().anyMatch(heard -> heard.peer().address().equals(address));
    }

    /**
     * A node that started a moment ago may have voted just before its restart, so it waits until such a vote is over.
     */
    private synchronized boolean voteFor(Peer to) {
        Duration now = runtime.uptime();
        boolean free = vote == null || vote.to().equals(to) || now.minus(vote.at()).compareTo(VOTE_LASTS) > 0;
        if (!free || identity.left() || cell.get().status() != RingStatus.JOINING
                || now.minus(started).compareTo(VOTE_LASTS) < 0) {
            return false;
        }
        vote = new Vote(to, now);
        return true;
    }

    // -- requests to peers --------------------------------------------------------------------------------------------

    /** Addresses where members of the ring may be, according to other nodes. */
    synchronized List<String> hints() {
        List<String> addresses = new ArrayList<>(hints);
        waiting.values().forEach(heard -> addresses.add(heard.peer().address()));
        return addresses;
    }

    /** Waits, but returns as soon as another node reports a new address. */
    void awaitNews(Duration atMost) {
        CompletableFuture<Void> next = new CompletableFuture<>();
        synchronized (this) {
            news = next;
        }
        runtime.await(next, atMost);
    }

    /** Asks each of {@code found}, at the address where it answers, which nodes look for this ring. */
    void exchange(Collection<Peer> found) {
        if (ringIds.all().isEmpty()) {
            // this node was in no ring yet
            return;
        }
        ask(found, false).stream().filter(answer -> ringIds.recognize(answer.ringIds()))
                .forEach(answer -> addHints(answer.self(), answer.waiting()));
    }

    private List<Regrouped> ask(Collection<Peer> peers, boolean begins) {
        Peer self = cell.get().self();
        Regroup question = new Regroup(self, ringIds.all(), waiting(), begins);
        List<PeerCall<Regrouped>> calls = new ArrayList<>();
        for (Peer peer : peers) {
            if (!peer.sameNode(self)) {
                calls.add(() -> runtime.call(peer, question, MAY_FOUND_WITHIN));
            }
        }
        List<Regrouped> answers = Outcome.answers(runtime.gather(calls));
        answers.forEach(answer -> note(answer, ringIds.recognize(answer.ringIds())));
        return answers;
    }

    private synchronized void note(Regrouped answer, boolean isOurs) {
        Peer peer = answer.self();
        waiting.remove(peer.id());
        if (!isOurs) {
            if (electors().contains(peer.id())) {
                left.add(peer.id());
            }
        } else if (answer.status() == RingStatus.JOINING) {
            waiting.put(peer.id(), new Heard(peer, runtime.uptime()));
            hints.remove(peer.address());
        }
    }

    private synchronized List<Peer> waiting() {
        Duration now = runtime.uptime();
        waiting.removeIf((id, heard) -> now.minus(heard.at()).compareTo(HEARD_WITHIN) > 0);
        return waiting.values().stream().map(Heard::peer).toList();
    }

    // -- the election -------------------------------------------------------------------------------------------------

    private List<ChordId> electors() {
        return identity.electors().stream().map(Peer::id).toList();
    }

    /**
     * The time until which this node may found the ring again, when it has a majority. Empty when it has none, or it is
     * not its turn. The lowest of the waiting nodes tries first; if it does not found the ring, the next one tries.
     */
    Optional<Duration> tryToGetMajority() {
        Peer self = cell.get().self();
        if (identity.left() || !electors().contains(self.id())) {
            return Optional.empty();
        }
        List<Peer> others = waiting();
        Set<ChordId> present = new TreeSet<>(List.of(self.id()));
        others.forEach(peer -> present.add(peer.id()));
        if (!isMajority(present, electors())) {
            tryAt = null;
            return Optional.empty();
        }
        Duration now = runtime.uptime();
        if (tryAt == null) {
            long lower = others.stream().filter(peer -> peer.id().compareTo(self.id()) < 0).count();
            tryAt = now.plus(LOWER_FIRST.multipliedBy(Math.min(lower, MAX_LOWER)));
            pause = FIRST_PAUSE;
        }
        if (now.compareTo(tryAt) < 0 || !voteFor(self)) {
            return Optional.empty();
        }
        Map<ChordId, List<ChordId>> agreeing = new TreeMap<>();
        agreeing.put(self.id(), electors());
        for (Regrouped answer : ask(others, true)) {
            if (answer.agrees()) {
                agreeing.put(answer.self().id(), answer.electors());
            }
        }
        if (hasMajority(self.id(), agreeing)) {
            return Optional.of(now.plus(MAY_FOUND_WITHIN));
        }
        tryAt = runtime.uptime().plus(pause).plusMillis(runtime.random().nextLong(pause.toMillis()));
        pause = Backoff.next(pause, LONGEST_PAUSE);
        withdrawOwnVote();
        return Optional.empty();
    }

    /**
     * A vote counts only when the counted voters are also a majority of the voter's own electors: its memory may be
     * newer than that of this node.
     */
    private boolean hasMajority(ChordId self, Map<ChordId, List<ChordId>> agreeing) {
        Map<ChordId, List<ChordId>> counted = new TreeMap<>(agreeing);
        int before = -1;
        // each dropped vote can invalidate others
        while (before != counted.size()) {
            before = counted.size();
            Set<ChordId> now = new TreeSet<>(counted.keySet());
            counted.values().removeIf(electors -> !isMajority(now, electors));
        }
        return counted.containsKey(self);
    }

    /** Electors that left while this node was down do not count, as if this node had received their leave notices. */
    private synchronized boolean isMajority(Set<ChordId> some, List<ChordId> electors) {
        List<ChordId> counted = electors.stream().filter(id -> !left.contains(id)).toList();
        return 2 * counted.stream().filter(some::contains).count() > counted.size();
    }

    private synchronized void withdrawOwnVote() {
        if (vote != null && vote.to().sameNode(cell.get().self())) {
            vote = null;
        }
    }

    /** This node has founded the ring again. Tells the waiting nodes. */
    void announceFounded() {
        ask(waiting(), false);
    }
}
