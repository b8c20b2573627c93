package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Decides which node may fail or leave now, so that Zave's assumptions stay true (TSE 2017, section 5.1): every other
 * member keeps a live successor, in its list and in the list that it is about to adopt, and r + 1 principals remain.
 * When a ring is too small for r + 1 principals, all its members must know all of it.
 */
final class AllowedFailures {

    /** The survivor of a ring of two has no successor left. The theorem does not cover that case. */
    private static final int SMALLEST_RING = 3;

    private final RingWatch watch;
    private final int r;

    AllowedFailures(RingWatch watch, int r) {
        this.watch = watch;
        this.r = r;
    }

    boolean mayCrash(ChordId node) {
        return mayGo(node, leaving());
    }

    boolean mayLeave(ChordId node) {
        Set<ChordId> leavers = leaving();
        leavers.add(node);
        return mayGo(node, leavers);
    }

    private Set<ChordId> leaving() {
        Set<ChordId> leaving = new TreeSet<>();
        watch.members().stream().map(member -> member.self().id()).filter(watch::isLeaving).forEach(leaving::add);
        return leaving;
    }

    private boolean mayGo(ChordId node, Set<ChordId> leavers) {
        Set<ChordId> gone = new TreeSet<>(leavers);
        gone.add(node);
        Predicate<Peer> stays = entry -> watch.isTheLivingOne(entry) && !gone.contains(entry.id());
        return everyListKeepsOne(node, stays) && everyNodeThatAsksALeaverKeepsOne(leavers, stays)
                && (watch.members().size() - gone.size() >= r + 1 ? principalsRemain(gone) : allKnowAll(gone));
    }

    private boolean everyListKeepsOne(ChordId node, Predicate<Peer> stays) {
        for (RingState member : watch.members()) {
            if (!member.self().id().equals(node) && !LiveRing.isRingOfOne(member)
                    && member.successors().stream().noneMatch(stays)) {
                return false;
            }
        }
        for (Map.Entry<ChordId, List<Peer>> asker : watch.underWay().entrySet()) {
            if (!asker.getKey().equals(node) && asker.getValue().stream().noneMatch(stays)) {
                return false;
            }
        }
        return true;
    }

    /**
     * A node that is to leave still answers until it sends its leave notice. A node that asks it adopts it and the
     * beginning of its list.
     */
    private boolean everyNodeThatAsksALeaverKeepsOne(Set<ChordId> leavers, Predicate<Peer> stays) {
        return watch.members().stream().filter(member -> leavers.contains(member.self().id()))
                .allMatch(member -> member.successors().stream().limit(r - 1L).anyMatch(stays));
    }

    /** Counts the current lists and those under way, because either may be the final one. */
    private boolean principalsRemain(Set<ChordId> gone) {
        return principals(watch).stream().filter(id -> !gone.contains(id)).count() >= r + 1;
    }

    /**
     * The members that no list skips, and no list under way will skip. Leaving nodes do not count. Nor do members that
     * others know only by their dead process, because that entry will be dropped.
     */
    static Set<ChordId> principals(RingWatch watch) {
        Set<ChordId> principals = new TreeSet<>(RingInvariants.principals(watch.snapshot()));
        principals.removeIf(id -> !watch.isPrincipal(id) || watch.isLeaving(id) || watch.isNamedAsItWas(id));
        return principals;
    }

    private boolean allKnowAll(Set<ChordId> gone) {
        Collection<RingState> members = watch.members();
        List<ChordId> stay = members.stream().map(member -> member.self().id()).filter(id -> !gone.contains(id))
                .toList();
        return members.size() >= SMALLEST_RING && stay.size() > 1 && watch.underWay().isEmpty()
                && members.stream().filter(member -> stay.contains(member.self().id()))
                        .allMatch(member -> knowsAll(member, stay));
    }

    private static boolean knowsAll(RingState member, List<ChordId> stay) {
        List<ChordId> known = member.successors().stream().map(Peer::id).toList();
        return stay.stream().allMatch(id -> id.equals(member.self().id()) || known.contains(id));
    }
}
