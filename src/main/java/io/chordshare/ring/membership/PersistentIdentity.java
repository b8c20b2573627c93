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

/** Keeps on disk who this node is and whom it knows, so that after a restart it is the same node in the same ring. */
public final class PersistentIdentity {

    /** Those who found the ring again after everybody was switched off: the same for all, whatever the ring's size. */
    public static final int MAX_ELECTORS = 64;
    /** Members that did not change for this time are the settled ring, not a passing state. */
    private static final Duration SETTLED_AFTER = Duration.ofSeconds(20);

    /** A node that was switched off and is not back by then does not count any more when the ring is founded again. */
    private static final Duration EXPECTED_BACK_FOR = Duration.ofHours(1);

    private record Asleep(Peer peer, Duration since) {}

    private final IdentityStore memory;
    private final NodeRuntime runtime;
    private final KnownPeers contacts;
    private final PassiveList passive;
    private final RingIds names;
    private final Identity atStart;
    private Identity saved;
    private final BoundedMap<ChordId, Asleep> asleep = BoundedMap.byAge(MAX_ELECTORS);
    private List<Peer> seen = List.of();
    private Duration seenSince;

    public PersistentIdentity(IdentityStore memory, NodeRuntime runtime, Identity loaded, KnownPeers contacts,
            PassiveList passive,
               RingIds names) {
        this.memory = memory;
        this.runtime = runtime;
        this.contacts = contacts;
        this.passive = passive;
        this.names = names;
        this.seenSince = runtime.uptime();
        atStart = atNextStart(loaded);
        saved = atStart;
        memory.save(atStart);
    }

    /** An incarnation is never used twice: it is saved before anybody hears of it. */
    public static Identity atNextStart(Identity loaded) {
        return new Identity(loaded.id(), loaded.incarnation() + 1, loaded.ringId(), loaded.left(), loaded.electors(),
                loaded.contacts(), loaded.ringIds(), loaded.lost());
    }

    /** As loaded, with the incarnation of this start. */
    public Identity atStart() {
        return atStart;
    }

    /** In a ring now, with these neighbours; who else is in it is seen soon. */
    public synchronized void entered(RingState state) {
        Map<ChordId, Peer> electors = new TreeMap<>();
        saved.electors().forEach(peer -> electors.put(peer.id(), peer));
        state.neighbours().forEach(peer -> electors.put(peer.id(), peer));
        electors.put(state.self().id(), state.self());
        save(now(state, false, electors.values().stream().limit(MAX_ELECTORS).toList()));
    }

    /** Somebody suspects this node: it goes on under a higher incarnation. */
    public synchronized void refuted(long incarnation) {
        save(new Identity(saved.id(), incarnation, saved.ringId(), saved.left(), saved.electors(), saved.contacts(),
                saved.ringIds(), saved.lost()));
    }

    private Identity now(RingState state, boolean left, List<Peer> electors) {
        // a refutation may have come between this snapshot and now
        long incarnation = Math.max(saved.incarnation(), state.self().incarnation());
        return new Identity(state.self().id(), incarnation, state.ringId(), left, electors, contacts.all(),
                names.all(), passive.all());
    }

    /** Somebody is gone. Who left is no elector any more; who was switched off still is, and is expected back. */
    public synchronized void gone(Peer peer, DepartureCause how) {
        switch (how) {
            case LEFT -> save(new Identity(saved.id(), saved.incarnation(), saved.ringId(), saved.left(),
                    SuccessorList.without(saved.electors(), peer.id()),
                    SuccessorList.without(saved.contacts(), peer.id()), saved.ringIds(), passive.all()));
            case SWITCHED_OFF -> asleep.put(peer.id(), new Asleep(peer, runtime.uptime()));
            case DEAD -> asleep.remove(peer.id());
        }
    }

    /** The node left: after a restart it goes back through those it knew. */
    public synchronized void left(RingState alone, List<Peer> knewBefore) {
        save(new Identity(alone.self().id(), alone.self().incarnation(), alone.ringId(), true, List.of(), knewBefore));
    }

    /**
     * Saves whom this node knows, when there is somebody new: after a crash in the next moment they are its way back.
     */
    public synchronized void met(RingState state) {
        if (!state.status().isMember() || saved.left()) {
            return;
        }
        state.neighbours().forEach(contacts::met);
        saveIfNew(now(state, false, saved.electors()));
    }

    private void saveIfNew(Identity next) {
        if (!sameMembers(next, saved)) {
            save(next);
        }
    }

    /**
     * Looks at the ring as it is now; saves when there is something new to remember.
     *
     * @param first the first members after key 0, {@link #MAX_ELECTORS} at most
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
        // who came counts at once, who went only when the ring has settled without it
        List<Peer> remembered = settled || now.size() > saved.electors().size() ? now : saved.electors();
        state.neighbours().forEach(contacts::met);
        saveIfNew(now(state, false, remembered));
    }

    /** Everybody it knows from before: those it could come back through, and those who may found the ring again. */
    public synchronized List<Peer> remembered() {
        List<Peer> all = new ArrayList<>(contacts.all());
        all.addAll(saved.electors());
        return all;
    }

    /** The order of contacts changes all the time and is not worth a write. */
    private static boolean sameMembers(Identity a, Identity b) {
        return a.electors().equals(b.electors()) && Objects.equals(a.ringId(), b.ringId())
                && Set.copyOf(a.contacts()).equals(Set.copyOf(b.contacts()))
                && a.ringIds().equals(b.ringIds()) && Set.copyOf(a.lost()).equals(Set.copyOf(b.lost()));
    }

    private void save(Identity next) {
        memory.save(next);
        saved = next;
    }
}
