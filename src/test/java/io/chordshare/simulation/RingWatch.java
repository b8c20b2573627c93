package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Checks the invariants of one ring after every change of a pointer, but only what that change can break, so that it
 * works with thousands of nodes. {@link RingInvariants} is the full check, and {@link RingWatchTest} compares both.
 */
final class RingWatch {

    private final String ringId;
    private final int r;
    private final Consumer<Breach> alarm;
    private final Map<ChordId, RingState> members = new TreeMap<>();
    private final Map<ChordId, Set<ChordId>> holders = new TreeMap<>();
    /** Of the future lists: an answer that a node is about to adopt counts instead of the list that it replaces. */
    private final SkipCounts skips = new SkipCounts();
    private final Map<ChordId, List<Peer>> chains = new TreeMap<>();
    private final Map<ChordId, Pending> pending = new TreeMap<>();
    private final BestSuccessors best = new BestSuccessors();
    /** A wrongly suspected node takes a new incarnation. Only incarnations from before its join are dead. */
    private final Map<ChordId, Long> joinedAs = new TreeMap<>();
    private final Set<ChordId> leaving = new TreeSet<>();
    private final Set<ChordId> withoutList = new TreeSet<>();

    /** @param held the ids of the asker's list when the answer was given */
    private record Pending(Object answer, List<Peer> list, List<ChordId> held) {}

    /**
     * @param r     the length of full lists
     * @param alarm receives every breach
     */
    RingWatch(String ringId, int r, Consumer<Breach> alarm) {
        this.ringId = ringId;
        this.r = r;
        this.alarm = alarm;
    }

    /** A running node has this state now. */
    void changed(RingState state) {
        ChordId id = state.self().id();
        RingState before = members.get(id);
        if (!LiveRing.isMember(state, ringId)) {
            down(id);
            return;
        }
        Set<ChordId> affected = affectedBy(id, before, state);
        if (before == null) {
            skips.joined(state);
            leaving.remove(id);
            joinedAs.put(id, state.self().incarnation());
        }
        members.put(id, state);
        if (before == null && members.size() == 2) {
            // the node that was alone is excused no longer
            affected.addAll(members.keySet());
        }
        List<Peer> oldList = before == null ? List.of() : before.successors();
        if (before == null || !oldList.equals(state.successors())) {
            listChanged(id, state.successors());
            hold(id, oldList, -1);
            hold(id, state.successors(), 1);
            RingInvariants.ofOneList(state).ifPresent(alarm);
        }
        if (state.successors().isEmpty()) {
            withoutList.add(id);
        } else {
            withoutList.remove(id);
        }
        recheck(affected);
    }

    /** The node's process is gone, or it has left this ring. */
    void down(ChordId id) {
        RingState before = members.remove(id);
        if (before == null) {
            return;
        }
        skips.gone(id);
        pending.remove(id);
        replaceChain(id, List.of(), false);
        hold(id, before.successors(), -1);
        best.remove(id);
        withoutList.remove(id);
        recheck(affectedBy(id, null, null));
    }

    /** The node is about to send its leave notice: from now on, others may skip it. */
    void leaves(ChordId id) {
        leaving.add(id);
    }

    /**
     * An answer is under way: {@code first} and its list will become the asker's list. Zave's step happens at this
     * moment (TSE 2017, section 4.4). The asker's current list does not count any more, and no node may be told it.
     */
    void answered(ChordId asker, Object answer, Peer first, List<Peer> rest) {
        List<Peer> list = new ArrayList<>(List.of(first));
        for (Peer entry : rest) {
            if (list.size() == r || entry.id().equals(asker) || list.stream().anyMatch(entry::sameNode)) {
                break;
            }
            list.add(entry);
        }
        pending.put(asker, new Pending(answer, list, ids(heldBy(asker))));
        replaceChain(asker, list, true);
    }

    /** The answer was adopted, or never will be. */
    void settled(ChordId asker, Object answer) {
        Pending before = pending.get(asker);
        if (before != null && before.answer() == answer) {
            pending.remove(asker);
            // a list that only lost entries meanwhile took no step, so the answer had no effect
            replaceChain(asker, heldBy(asker), !before.held().containsAll(ids(heldBy(asker))));
        }
    }

    /** While an answer is under way, other changes of the list have no effect, because the answer replaces them. */
    private void listChanged(ChordId id, List<Peer> list) {
        Pending answer = pending.get(id);
        if (answer == null || ids(list).equals(ids(answer.list()))) {
            pending.remove(id);
            replaceChain(id, list, true);
        }
    }

    private List<Peer> heldBy(ChordId id) {
        RingState member = members.get(id);
        return member == null ? List.of() : member.successors();
    }

    private static List<ChordId> ids(List<Peer> list) {
        return list.stream().map(Peer::id).toList();
    }

    Collection<RingState> members() {
        return members.values();
    }

    boolean isLeaving(ChordId id) {
        return leaving.contains(id);
    }

    /** The lists that nodes are about to adopt, by asker. */
    Map<ChordId, List<Peer>> underWay() {
        Map<ChordId, List<Peer>> lists = new TreeMap<>();
        pending.forEach((asker, answer) -> lists.put(asker, answer.list()));
        return lists;
    }

    /** Whether no list skips {@code id}. Lists under way count instead of those that they replace. */
    boolean isPrincipal(ChordId id) {
        return skips.isPrincipal(id);
    }

    /**
     * By Zave's argument, no step makes a principal skipped: every pair of neighbours in a new list was a pair in an
     * old list, or lies within one. Only an empty list has no pairs, so its owner may adopt any successor.
     */
    private void replaceChain(ChordId id, List<Peer> after, boolean byStep) {
        List<Peer> before = chains.getOrDefault(id, List.of());
        List<ChordId> victims = byStep && withoutList.isEmpty()
                ? skips.skippedBy(id, after).stream().filter(victim -> isVictim(victim, before)).distinct().toList()
                : List.of();
        skips.replace(id, before, after);
        chains.put(id, after);
        for (ChordId victim : victims) {
            alarm.accept(new Breach(Invariant.PRINCIPALS, members.get(victim).self()
                    + ", a live member that nobody skipped, is skipped by " + id.toString().substring(0, 8)
                    + ", whose list is to be " + after + " after " + before));
        }
    }

    /**
     * Whether skipping {@code id} from now on is wrong. A node that named an older incarnation may drop it, because
     * that one is dead.
     */
    private boolean isVictim(ChordId id, List<Peer> before) {
        return skips.isPrincipal(id) && !leaving.contains(id) && before.stream().noneMatch(entry ->
                entry.id().equals(id) && !isTheLivingOne(entry));
    }

    /** Whether {@code pointer} names a live member that was not restarted since. */
    boolean isTheLivingOne(Peer pointer) {
        return isLive(pointer) && pointer.incarnation() >= joinedAs.get(pointer.id());
    }

    /** Whether some list names an earlier process of this member. */
    boolean isNamedAsItWas(ChordId id) {
        return holders.getOrDefault(id, Set.of()).stream().flatMap(holder -> members.get(holder).successors().stream())
                .anyMatch(entry -> entry.id().equals(id) && !isTheLivingOne(entry));
    }

    private void hold(ChordId holder, List<Peer> list, int sign) {
        for (Peer entry : list) {
            Set<ChordId> of = holders.computeIfAbsent(entry.id(), key -> new TreeSet<>());
            if (sign > 0) {
                of.add(holder);
            } else {
                of.remove(holder);
            }
            if (of.isEmpty()) {
                holders.remove(entry.id());
            }
        }
    }

    /**
     * The nodes whose best successor may have changed: {@code id} itself, and if it came, went or moved, the nodes that
     * list it.
     */
    private Set<ChordId> affectedBy(ChordId id, @Nullable RingState before, @Nullable RingState after) {
        Set<ChordId> affected = new LinkedHashSet<>();
        if (after != null) {
            affected.add(id);
        }
        boolean listed = before != null && after != null && before.self().address().equals(after.self().address());
        if (!listed) {
            affected.addAll(holders.getOrDefault(id, Set.of()));
        }
        return affected;
    }

    /** Invariants 1 and 3. */
    private void recheck(Set<ChordId> affected) {
        for (ChordId id : affected) {
            RingState member = members.get(id);
            if (member != null) {
                Optional<ChordId> successor = bestSuccessor(member);
                best.put(id, successor);
                if (successor.isEmpty() && members.size() > 1) {
                    alarm.accept(RingInvariants.noLiveSuccessor(member));
                }
            }
        }
        if (members.size() > 1) {
            best.problem().ifPresent(problem -> alarm.accept(new Breach(Invariant.ONE_RING, problem)));
        }
    }

    Optional<ChordId> bestSuccessor(RingState member) {
        if (LiveRing.isRingOfOne(member)) {
            return Optional.of(member.self().id());
        }
        for (Peer entry : member.successors()) {
            if (isLive(entry)) {
                return Optional.of(entry.id());
            }
        }
        return Optional.empty();
    }

    boolean isLive(Peer pointer) {
        RingState there = members.get(pointer.id());
        return there != null && there.self().address().equals(pointer.address());
    }

    /** A snapshot for the full check. */
    LiveRing snapshot() {
        return new LiveRing(new ArrayList<>(members.values()));
    }
}
