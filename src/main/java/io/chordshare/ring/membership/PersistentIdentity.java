package io.chordshare.ring.membership;

import io.chordshare.id.ChordId;
import io.chordshare.ring.RingListener.DepartureCause;
import io.chordshare.ring.membership.IdentityStore.Identity;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.SuccessorList;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps a node's identity and its known peers on disk, so that after a restart it is the same node in the same ring.
 */
public final class PersistentIdentity {

    /**
     * The nodes that may found the ring again after all nodes were switched off. The number is the same in rings of
     * every size.
     */
    public static final int MAX_ELECTORS = 64;
    /** Members that did not change for this time are the stable ring and not a transition. */
    private static final Duration SETTLED_AFTER = Duration.ofSeconds(20);

    /** A node that was switched off and is not back by then stops being an elector. */
    private static final Duration EXPECTED_BACK_FOR = Duration.ofHours(1);

    private record Asleep(Peer peer, Duration since) {}

    private final IdentityStore identityStore;
    private final NodeRuntime runtime;
    private final KnownPeers knownPeers;
    private final PassiveList passive;
    private final RingIds ringIds;
    private final Identity atStart;
    private Identity saved;
    private final BoundedMap<ChordId, Asleep> asleep = BoundedMap.byAge(MAX_ELECTORS);
    private List<Peer> seen = List.of();
    private Duration seenSince;

    public PersistentIdentity(IdentityStore identityStore, NodeRuntime runtime, Identity loaded, KnownPeers knownPeers,
            PassiveList passive,
               RingIds ringIds) {
        this.identityStore = identityStore;
        this.runtime = runtime;
        this.knownPeers = knownPeers;
        this.passive = passive;
        this.ringIds = ringIds;
        this.seenSince = runtime.uptime();
        atStart = atNextStart(loaded);
        saved = atStart;
        identityStore.save(atStart);
    }

    /** Saves a new incarnation before any peer hears of it, so that no incarnation is used twice. */
    public static Identity atNextStart(Identity loaded) {
        return new Identity(loaded.id(), loaded.incarnation() + 1, loaded.ringId(), loaded.left(), loaded.electors(),
                loaded.knownPeers(), loaded.ringIds(), loaded.lost());
    }

    /** The loaded identity, with the incarnation of this start. */
    public Identity atStart() {
        return atStart;
    }

    /** Saves that this node is in a ring now, with these neighbours. Other members are added soon. */
    public synchronized void entered(RingState state) {
        Map<ChordId, Peer> electors = new TreeMap<>();
        saved.electors().forEach(peer -> electors.put(peer.id(), peer));
        state.neighbours().forEach(peer -> electors.put(peer.id(), peer));
        electors.put(state.self().id(), state.self());
        save(now(state, false, electors.values().stream().limit(MAX_ELECTORS).toList()));
    }

    /** Another node suspects this node, which continues under a higher incarnation. */
    public synchronized void refuted(long incarnation) {
        save(new Identity(saved.id(), incarnation, saved.ringId(), saved.left(), saved.electors(), saved.knownPeers(),
                saved.ringIds(), saved.lost()));
    }

    private Identity now(RingState state, boolean left, List<Peer> electors) {
        // a refutation may have come since this snapshot
        long incarnation = Math.max(saved.incarnation(), state.self().incarnation());
        return new Identity(state.self().id(), incarnation, state.ringId(), left, electors, knownPeers.all(),
                ringIds.all(), passive.all());
    }

    /**
     * A node is gone. A node that left is no elector any more. A node that was switched off still is, and is expected
     * back.
     */
    public synchronized void gone(Peer peer, DepartureCause how) {
        switch (how) {
            case LEFT -> save(new Identity(saved.id(), saved.incarnation(), saved.ringId(), saved.left(),
                    SuccessorList.without(saved.electors(), peer.id()),
                    SuccessorList.without(saved.knownPeers(), peer.id()), saved.ringIds(), passive.all()));
            case SWITCHED_OFF -> asleep.put(peer.id(), new Asleep(peer, runtime.uptime()));
            case DEAD -> asleep.remove(peer.id());
        }
    }

    /** This node left. After a restart it returns through the peers that it knew. */
    public synchronized void left(RingState alone, List<Peer> knewBefore) {
        save(new Identity(alone.self().id(), alone.self().incarnation(), alone.ringId(), true, List.of(), knewBefore));
    }

    /** Saves the known peers when a new one is among them: after a crash in the next moment, they are the way back. */
    public synchronized void met(RingState state) {
        if (!state.status().isMember() || saved.left()) {
            return;
        }
        state.neighbours().forEach(knownPeers::met);
        saveIfNew(now(state, false, saved.electors()));
    }

    private void saveIfNew(Identity next) {
        if (!sameMembers(next, saved)) {
            save(next);
        }
    }

    /**
     * Updates the electors from the current ring, and saves when they changed.
     *
     * @param first the first members after key 0, at most {@link #MAX_ELECTORS}
     */
    public synchronized void remember(RingState state, List<Peer> first) {
        if (!state.status().isMember() || saved.left()) {
            return;
        }
        asleep.removeIf((id, gone) -> runtime.uptime().minus(gone.since()).compareTo(EXPECTED_BACK_FOR) > 0);
        Map<ChordId, Peer> electors = new TreeMap<>();
        asleep.values().forEach(gone -> electors.put(gone.peer().id(), gone.peer()));
        first.forEach(peer -> electors.put(peer.id(), peer));
        asleep.removeIf((id, gone) -> first.stream().anyMatch(peer -> peer.id().equals(id)));
        List<Peer> now = electors.values().stream().limit(MAX_ELECTORS).toList();
        if (!now.equals(seen)) {
            seen = now;
            seenSince = runtime.uptime();
        }
        boolean settled = state.status() != RingStatus.ISOLATED
                && runtime.uptime().minus(seenSince).compareTo(SETTLED_AFTER) > 0;
        // new members count immediately; missing members are removed only from a stable ring
        List<Peer> remembered = settled || now.size() > saved.electors().size() ? now : saved.electors();
        state.neighbours().forEach(knownPeers::met);
        saveIfNew(now(state, false, remembered));
    }

    /** All peers from earlier runs: those to rejoin through, and the electors. */
    public synchronized List<Peer> remembered() {
        List<Peer> all = new ArrayList<>(knownPeers.all());
        all.addAll(saved.electors());
        return all;
    }

    /** The order of the known peers changes constantly and is not worth a write. */
    private static boolean sameMembers(Identity a, Identity b) {
        return a.electors().equals(b.electors()) && Objects.equals(a.ringId(), b.ringId())
                && Set.copyOf(a.knownPeers()).equals(Set.copyOf(b.knownPeers()))
                && a.ringIds().equals(b.ringIds()) && Set.copyOf(a.lost()).equals(Set.copyOf(b.lost()));
    }

    private void save(Identity next) {
        identityStore.save(next);
        saved = next;
    }
}
