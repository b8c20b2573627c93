package io.chordshare.simulation;

import static io.chordshare.simulation.Sketch.id;
import static io.chordshare.simulation.Sketch.member;
import static io.chordshare.simulation.Sketch.peer;
import static io.chordshare.simulation.Sketch.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.Test;

/** Compares the incremental check with the full one, and both with one that is too simple to be wrong. */
class RingWatchTest {

    private static final int R = 3;
    private static final int STEPS = 60;

    private final List<Breach> alarms = new ArrayList<>();
    private final Map<ChordId, RingState> model = new TreeMap<>();
    private RingWatch watch = new RingWatch(Sketch.RING, R, alarms::add);

    /** All tries of one property share the instance, so each try resets it. */
    @BeforeTry
    void startAnew() {
        alarms.clear();
        model.clear();
        watch = new RingWatch(Sketch.RING, R, alarms::add);
    }

    @Property(tries = 400, shrinking = ShrinkingMode.OFF)
    void it_raises_an_alarm_when_and_only_when_the_full_check_finds_something_new(@ForAll long seed) {
        Random random = new Random(seed);
        Set<Invariant> brokenBefore = EnumSet.noneOf(Invariant.class);
        for (int step = 0; step < STEPS; step++) {
            alarms.clear();
            change(random);
            LiveRing ring = new LiveRing(model.values());
            Set<Invariant> broken = full(ring);
            assertThat(broken).as("the full check").isEqualTo(plain(ring));
            Set<Invariant> raised = EnumSet.noneOf(Invariant.class);
            alarms.stream().map(Breach::invariant).filter(kind -> kind != Invariant.PRINCIPALS).forEach(raised::add);
            assertThat(broken).as("no false alarm").containsAll(raised);
            Set<Invariant> fresh = EnumSet.copyOf(broken);
            fresh.removeAll(brokenBefore);
            assertThat(raised).as("nothing is missed").containsAll(fresh);
            brokenBefore = broken;
            assertThat(model.keySet().stream().filter(watch::isPrincipal).toList())
                    .isEqualTo(List.copyOf(RingInvariants.principals(ring))).isEqualTo(plainPrincipals(ring));
        }
    }

    private void change(Random random) {
        int position = random.nextInt(12) * 8;
        if (random.nextInt(6) == 0) {
            model.remove(id(position));
            watch.down(id(position));
            return;
        }
        List<Integer> list = new ArrayList<>();
        for (int i = 1; i < 12; i++) {
            int next = (position + 8 * i) % 96;
            int chance = model.containsKey(id(next)) ? 5 : 1;
            if (random.nextInt(6) < chance && list.size() < 3) {
                list.add(next);
            }
        }
        if (random.nextInt(20) == 0 && !list.isEmpty()) {
            list.add(random.nextInt(list.size() + 1), random.nextInt(12) * 8);
        }
        RingStatus status = random.nextInt(12) == 0 ? RingStatus.ALONE : RingStatus.MEMBER;
        RingState state = state(position, status,
                status == RingStatus.ALONE ? new int[0] : list.stream().mapToInt(Integer::intValue).toArray());
        model.put(id(position), state);
        watch.changed(state);
    }

    private static Set<Invariant> full(LiveRing ring) {
        Set<Invariant> broken = EnumSet.noneOf(Invariant.class);
        RingInvariants.check(ring, 0).forEach(breach -> broken.add(breach.invariant()));
        return broken;
    }

    // -- the simple version: Zave's definitions literally -----------------------------------------------------------

    private static Set<Invariant> plain(LiveRing ring) {
        Set<Invariant> broken = EnumSet.noneOf(Invariant.class);
        for (RingState member : ring.members()) {
            List<ChordId> extended = extended(member);
            if (new LinkedHashSet<>(extended).size() < extended.size()) {
                broken.add(Invariant.NO_DUPLICATES);
            } else if (!everyTripleInOrder(extended)) {
                broken.add(Invariant.RING_ORDER);
            }
            if (best(ring, member).isEmpty() && ring.size() > 1) {
                broken.add(Invariant.LIVE_SUCCESSOR);
            }
        }
        if (!broken.contains(Invariant.LIVE_SUCCESSOR) && ring.size() > 1 && !plainOneRing(ring)) {
            broken.add(Invariant.ONE_RING);
        }
        return broken;
    }

    private static boolean everyTripleInOrder(List<ChordId> list) {
        for (int x = 0; x < list.size(); x++) {
            for (int y = x + 1; y < list.size(); y++) {
                for (int z = y + 1; z < list.size(); z++) {
                    if (!RingInterval.between(list.get(x), list.get(y), list.get(z))) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static boolean plainOneRing(LiveRing ring) {
        Map<ChordId, ChordId> best = new TreeMap<>();
        ring.members().forEach(member -> best.put(member.self().id(), best(ring, member).orElseThrow()));
        Set<ChordId> onRing = new LinkedHashSet<>();
        for (ChordId start : best.keySet()) {
            if (reachable(best, best.get(start)).contains(start)) {
                onRing.add(start);
            }
        }
        boolean one = onRing.stream().allMatch(start -> reachable(best, start).equals(onRing));
        boolean connected = best.keySet().stream().allMatch(start -> reachable(best, start).containsAll(onRing));
        boolean ordered = onRing.stream().allMatch(from -> onRing.stream()
                .noneMatch(passed -> onRing.size() > 1 && RingInterval.between(from, passed, best.get(from))));
        return one && connected && ordered;
    }

    private static Set<ChordId> reachable(Map<ChordId, ChordId> best, ChordId start) {
        Set<ChordId> reached = new LinkedHashSet<>();
        ChordId at = start;
        while (reached.add(at)) {
            at = best.get(at);
        }
        return reached;
    }

    private static Optional<ChordId> best(LiveRing ring, RingState member) {
        if (member.status() == RingStatus.ALONE) {
            return Optional.of(member.self().id());
        }
        return member.successors().stream().map(Peer::id).filter(id -> ring.indexOf(id).isPresent()).findFirst();
    }

    private static List<ChordId> plainPrincipals(LiveRing ring) {
        return ring.members().stream().map(member -> member.self().id()).filter(candidate ->
                ring.members().stream().noneMatch(member -> skips(extended(member), candidate))).toList();
    }

    private static boolean skips(List<ChordId> list, ChordId candidate) {
        for (int i = 1; i < list.size(); i++) {
            if (RingInterval.between(list.get(i - 1), candidate, list.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static List<ChordId> extended(RingState member) {
        List<ChordId> list = new ArrayList<>(List.of(member.self().id()));
        member.successors().forEach(entry -> list.add(entry.id()));
        return list;
    }

    // -- principals over time ---------------------------------------------------------------------------------------

    /** 40 has just joined between 30 and 50, and 30 knows it; the lists of 10 and 20 do not reach so far. */
    private void fourInOrder() {
        watch.changed(member(10, 20, 30));
        watch.changed(member(20, 30));
        watch.changed(member(50, 10, 20));
        watch.changed(member(40, 50, 10));
        watch.changed(member(30, 40, 50));
        alarms.clear();
    }

    private void assertSkipped(int... positions) {
        assertThat(alarms).extracting(Breach::invariant).containsOnly(Invariant.PRINCIPALS);
        for (int position : positions) {
            assertThat(alarms.toString()).contains(peer(position).toString());
        }
    }

    @Test
    void to_skip_a_member_that_nobody_skipped_is_a_breach() {
        fourInOrder();
        watch.changed(member(20, 30, 50));
        assertSkipped(40);
    }

    @Test
    void who_is_skipped_by_one_may_be_skipped_by_others() {
        fourInOrder();
        watch.changed(member(5, 10, 50));
        alarms.clear();
        watch.changed(member(20, 30, 50));
        assertThat(alarms).isEmpty();
        watch.changed(member(5, 10, 20));
        watch.changed(member(20, 30, 40));
        watch.changed(member(20, 30, 50));
        assertSkipped(40);
    }

    @Test
    void a_list_under_way_counts_for_the_one_that_it_replaces() {
        fourInOrder();
        watch.changed(member(25, 30, 50));
        alarms.clear();
        // 25 still has its old list when it tells it to 20, but its answer is under way: it should have answered busy
        watch.answered(id(25), "answer", peer(30), Sketch.list(40, 50));
        assertThat(alarms).isEmpty();
        watch.changed(member(20, 25, 30, 50));
        assertSkipped(40);
    }

    @Test
    void an_answer_that_is_never_adopted_changes_nothing() {
        fourInOrder();
        watch.changed(member(25, 30, 50));
        alarms.clear();
        watch.answered(id(25), "answer", peer(30), Sketch.list(40, 50));
        watch.settled(id(25), "answer");
        watch.changed(member(20, 25, 30, 50));
        assertThat(alarms).isEmpty();
    }

    @Test
    void who_leaves_may_be_skipped() {
        fourInOrder();
        watch.leaves(id(40));
        watch.changed(member(20, 30, 50));
        assertThat(alarms).isEmpty();
    }

    @Test
    void who_is_dead_may_be_skipped() {
        fourInOrder();
        watch.down(id(40));
        watch.changed(member(20, 30, 50));
        assertThat(alarms).isEmpty();
    }

    @Test
    void the_successor_of_an_empty_list_may_be_anybody() {
        watch.changed(state(10, RingStatus.ALONE));
        watch.changed(member(20, 10));
        watch.changed(member(30, 10));
        alarms.clear();
        watch.changed(member(10, 30));
        assertThat(alarms).isEmpty();
        watch.changed(member(10, 20));
        watch.changed(member(10, 30));
        assertSkipped(20);
    }
}
