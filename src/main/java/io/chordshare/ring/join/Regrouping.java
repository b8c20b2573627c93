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
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
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
 * How members of one ring that all start again find each other, whatever their addresses are now, and agree on one of
 * them to begin the ring. A node that waits tells whom it finds who it is and whom else it has found; what it is told
 * is a hint, and only who answers for itself counts.
 *
 * <p>Only one node may begin. It needs the leave of a majority of its electors, and of the electors that each of those
 * remembers. A node gives leave to one other at a time, and no more once it is in a ring. Two majorities of the same
 * electors share a node, so two nodes never have leave at the same time.
 */
public final class Regrouping {

    /** A node with leave may found the ring within this time after it asked. */
    private static final Duration MAY_BEGIN_WITHIN = Duration.ofSeconds(2);
    /**
     * For this time no other node gets leave: longer than {@link #MAY_BEGIN_WITHIN} by every clock, even one a third
     * slow or fast.
     */
    private static final Duration KEEPS_WORD_FOR = Duration.ofSeconds(4);
    /** Each node with a lower id gets this time to begin first: usually the lowest begins at once. */
    private static final Duration LOWER_FIRST = Duration.ofSeconds(3);
    private static final int MOST_FIRST = 4;
    /**
     * Before it asks again; soon much longer than others keep their word, so that they can give it to somebody else.
     */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    /** A node that was not heard for this time may have ended. */
    private static final Duration HEARD_WITHIN = Duration.ofSeconds(20);
    /** As many as a ring has electors, twice: others get in through those. Who was heard first goes first. */
    private static final int MAX_WAITING = 2 * PersistentIdentity.MAX_ELECTORS;
    private static final int MAX_HINTS = 2 * PersistentIdentity.MAX_ELECTORS;

    private record Heard(Peer peer, Duration at) {}

    private record Word(Peer to, Duration at) {}

    private final NodeRuntime runtime;
    private final StateCell cell;
    private final RingIds names;
    private final Identity identity;
    private final Duration started;
    private final Map<ChordId, Heard> waiting = new LinkedHashMap<>();
    private final Set<ChordId> left = new TreeSet<>();
    private final Set<String> hints = new LinkedHashSet<>();
    private @Nullable Word word;
    private @Nullable Duration mayTryAt;
    private Duration pause = FIRST_PAUSE;
    private @Nullable CompletableFuture<Void> news;

    public Regrouping(NodeRuntime runtime, StateCell cell, RingIds names, Identity identity) {
        this.runtime = runtime;
        this.cell = cell;
        this.names = names;
        this.identity = identity;
        this.started = runtime.uptime();
    }

    // -- what others ask ---------------------------------------------------------------------------------------------

    /**
     * Tells who this node is and whom it has found, and learns where to look from others that look for the same ring.
     */
    public Regrouped answer(Regroup message) {
        boolean ours = names.knows(message.ringIds());
        if (ours && cell.get().status() == RingStatus.JOINING) {
            hear(message.self(), message.waiting());
        }
        boolean agrees = ours && message.begins() && giveWord(message.self());
        RingState state = cell.get();
        return new Regrouped(state.self(), names.all(), state.status(), waiting(), electors(), agrees);
    }

    private synchronized void hear(Peer teller, List<Peer> others) {
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

    /** A node that started a moment ago may have given its word just before: it waits until that is over. */
    private synchronized boolean giveWord(Peer to) {
        Duration now = runtime.uptime();
        boolean free = word == null || word.to().equals(to) || now.minus(word.at()).compareTo(KEEPS_WORD_FOR) > 0;
        if (!free || identity.left() || cell.get().status() != RingStatus.JOINING
                || now.minus(started).compareTo(KEEPS_WORD_FOR) < 0) {
            return false;
        }
        word = new Word(to, now);
        return true;
    }

    // -- what this node asks -----------------------------------------------------------------------------------------

    /** Addresses at which members of the ring may be, by what others say. */
    synchronized List<String> hints() {
        List<String> addresses = new ArrayList<>(hints);
        waiting.values().forEach(heard -> addresses.add(heard.peer().address()));
        return addresses;
    }

    /** Waits; not longer than until somebody tells of an address that is new. */
    void awaitNews(Duration atMost) {
        CompletableFuture<Void> next = new CompletableFuture<>();
        synchronized (this) {
            news = next;
        }
        runtime.await(next, atMost);
    }

    /** Exchanges with each of {@code found}, who answer at their addresses, who is looking for our ring. */
    void exchange(Collection<Peer> found) {
        if (names.all().isEmpty()) {
            // it was in no ring yet
            return;
        }
        ask(found, false).stream().filter(answer -> names.recognize(answer.ringIds()))
                .forEach(answer -> hear(answer.self(), answer.waiting()));
    }

    private List<Regrouped> ask(Collection<Peer> peers, boolean begins) {
        Peer self = cell.get().self();
        Regroup question = new Regroup(self, names.all(), waiting(), begins);
        List<PeerCall<Regrouped>> calls = new ArrayList<>();
        for (Peer peer : peers) {
            if (!peer.sameNode(self)) {
                calls.add(() -> runtime.call(peer, question, MAY_BEGIN_WITHIN));
            }
        }
        List<Regrouped> answers = Outcome.answers(runtime.gather(calls));
        answers.forEach(answer -> note(answer, names.recognize(answer.ringIds())));
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
            if (waiting.size() > MAX_WAITING) {
                waiting.remove(waiting.keySet().iterator().next());
            }
        }
    }

    private synchronized List<Peer> waiting() {
        Duration now = runtime.uptime();
        waiting.values().removeIf(heard -> now.minus(heard.at()).compareTo(HEARD_WITHIN) > 0);
        return waiting.values().stream().map(Heard::peer).toList();
    }

    // -- who begins --------------------------------------------------------------------------------------------------

    private List<ChordId> electors() {
        return identity.electors().stream().map(Peer::id).toList();
    }

    /**
     * Until when this node may begin the ring again: it has leave. Empty when it has not, or when it is not its turn.
     * The lowest of those that wait comes first; if it does not begin, the next one tries.
     */
    Optional<Duration> leaveToBegin() {
        Peer self = cell.get().self();
        if (identity.left() || !electors().contains(self.id())) {
            return Optional.empty();
        }
        List<Peer> others = waiting();
        Set<ChordId> present = new TreeSet<>(List.of(self.id()));
        others.forEach(peer -> present.add(peer.id()));
        if (!isMajority(present, electors())) {
            mayTryAt = null;
            return Optional.empty();
        }
        Duration now = runtime.uptime();
        if (mayTryAt == null) {
            long lower = others.stream().filter(peer -> peer.id().compareTo(self.id()) < 0).count();
            mayTryAt = now.plus(LOWER_FIRST.multipliedBy(Math.min(lower, MOST_FIRST)));
            pause = FIRST_PAUSE;
        }
        if (now.compareTo(mayTryAt) < 0 || !giveWord(self)) {
            return Optional.empty();
        }
        Map<ChordId, List<ChordId>> agreeing = new TreeMap<>();
        agreeing.put(self.id(), electors());
        for (Regrouped answer : ask(others, true)) {
            if (answer.agrees()) {
                agreeing.put(answer.self().id(), answer.electors());
            }
        }
        if (hasLeave(self.id(), agreeing)) {
            return Optional.of(now.plus(MAY_BEGIN_WITHIN));
        }
        mayTryAt = runtime.uptime().plus(pause).plusMillis(runtime.random().nextLong(pause.toMillis()));
        pause = Backoff.next(pause, LONGEST_PAUSE);
        takeBackOwnWord();
        return Optional.empty();
    }

    /**
     * A node that agrees counts only when the counted nodes are a majority of its own electors too: its memory may be
     * newer than that of this node.
     */
    private boolean hasLeave(ChordId self, Map<ChordId, List<ChordId>> agreeing) {
        Map<ChordId, List<ChordId>> counting = new TreeMap<>(agreeing);
        int before = -1;
        // with fewer that count others may count no more
        while (before != counting.size()) {
            before = counting.size();
            Set<ChordId> now = new TreeSet<>(counting.keySet());
            counting.values().removeIf(electors -> !isMajority(now, electors));
        }
        return counting.containsKey(self);
    }

    /** Who left while this node was down counts no more than if this node had heard its farewell. */
    private synchronized boolean isMajority(Set<ChordId> some, List<ChordId> electors) {
        List<ChordId> counted = electors.stream().filter(id -> !left.contains(id)).toList();
        return 2 * counted.stream().filter(some::contains).count() > counted.size();
    }

    private synchronized void takeBackOwnWord() {
        if (word != null && word.to().sameNode(cell.get().self())) {
            word = null;
        }
    }

    /** This node has founded the ring again: nodes that wait for that stop waiting. */
    void tellTheOthers() {
        ask(waiting(), false);
    }
}
