package io.chordshare.placement;

import io.chordshare.placement.Placement.Wait;
import io.chordshare.placement.PlacementRequest.LearnSlots;
import io.chordshare.placement.PlacementRequest.SlotReport;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/**
 * Brings the views of slots in line with the ring. The node that the ring makes a slot's owner proposes: at once for
 * nodes that come, are displaced or leave, later for the dead. New members learn first, and do not vote before. A
 * member that is sealed for long finishes the change itself, so that no slot stays sealed.
 */
final class ViewChanges {

    /** A failure detector's period, and some more: the proposer may be slow. */
    private static final Duration TAKES_OVER_AFTER = Duration.ofSeconds(3);

    /** Messages of one group that are under way at a time. */
    private static final int PARTS_AT_ONCE = 4;
    /** Then the next tick looks whether the same members are wanted still, and goes on. */
    private static final Duration RUNS_FOR = Duration.ofSeconds(3);

    /** Shown to a person: the most frequent ones. */
    private static final int MAX_WAITS = 5;

    private final NodeRuntime runtime;
    private final SlotTable table;
    private final Neighbourhood neighbourhood;
    private final SlotContents contents;
    private final ViewReminder reminder;
    private final SlotDrops drops;
    private final ViewProposer proposer;
    private final Map<Integer, Duration> sealedSince = new TreeMap<>();
    private volatile CompletableFuture<Void> running = CompletableFuture.completedFuture(null);
    private volatile CompletableFuture<Void> finishing = CompletableFuture.completedFuture(null);
    private int turn;
    private volatile int waiting;
    /** A few: one for each group of members, and each node that fails. */
    private final Map<String, Integer> reasons = new ConcurrentSkipListMap<>();
    private volatile List<Wait> waits = List.of();

    ViewChanges(NodeRuntime runtime, SlotTable table, Neighbourhood neighbourhood, SlotContents contents,
                ViewReminder reminder, SlotDrops drops, Activation activation) {
        this.runtime = runtime;
        this.table = table;
        this.neighbourhood = neighbourhood;
        this.contents = contents;
        this.reminder = reminder;
        this.drops = drops;
        this.proposer = new ViewProposer(runtime, table, neighbourhood, activation);
    }

    /** Changes of this node's slots that are not decided yet. */
    int waiting() {
        return waiting;
    }

    /**
     * Waits until a run that is under way has ended.
     *
     * @throws PeerException when it takes longer
     */
    void awaitEndOfRun(Duration atMost) throws PeerException {
        CompletableFuture<Void> run = CompletableFuture.allOf(running, finishing);
        if (!runtime.await(run, atMost)) {
            throw new PeerException(PeerException.Reason.OVERLOADED, "a change of views takes long: ask again");
        }
    }

    void askNeighbours(List<Integer> slots) {
        reminder.askNeighbours(slots);
    }

    void run() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        running = ended;
        try {
            changeAll();
        } finally {
            ended.complete(null);
        }
    }

    /** Decides what others have begun and not ended: nobody serves those slots. */
    void finishSealed() {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        finishing = ended;
        try {
            finish(sealedForLong());
        } finally {
            ended.complete(null);
        }
    }

    private void changeAll() {
        List<Integer> owned = neighbourhood.ownedSlots();
        reminder.askNeighbours(owned.stream().filter(slot -> table.newest(slot).isEmpty()).toList());
        List<View> present = owned.stream().flatMap(slot -> table.newest(slot).stream()).toList();
        neighbourhood.noteAbsent(present);
        List<ViewChange> changes = new ArrayList<>();
        // slots of one owner mostly have the same members
        Map<List<Peer>, List<Peer>> targets = new LinkedHashMap<>();
        for (View view : present) {
            List<Peer> target = targets.computeIfAbsent(view.members(), members -> neighbourhood.target(view));
            if (!view.says(target) && view.number() < View.MAX_NUMBER) {
                changes.add(ViewChange.to(view, target));
            }
        }
        waiting = changes.size();
        reasons.clear();
        Duration end = runtime.uptime().plus(RUNS_FOR);
        runtime.gather(groups(changes).stream().flatMap(group -> workers(group, end).stream()).toList());
        waits = reasons.entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(MAX_WAITS).map(reason -> new Wait(reason.getValue(), reason.getKey())).toList();
    }

    /** What the changes of the last run wait for, the most slots first. */
    List<Wait> waits() {
        return waits;
    }

    private void note(int slots, String reason) {
        if (slots > 0) {
            reasons.merge(reason, slots, Integer::sum);
        }
    }

    private static String addresses(List<Peer> peers) {
        return peers.stream().map(Peer::address).collect(Collectors.joining(", "));
    }

    // -- slots that are sealed -------------------------------------------------------------------------------------

    private List<ViewChange> sealedForLong() {
        List<ViewChange> late = new ArrayList<>();
        for (int slot = 0; slot < table.count(); slot++) {
            SlotState state = table.state(slot).filter(SlotState::sealed).orElse(null);
            if (state == null) {
                sealedSince.remove(slot);
                continue;
            }
            Duration since = sealedSince.computeIfAbsent(slot, key -> runtime.uptime());
            if (runtime.uptime().minus(since).compareTo(TAKES_OVER_AFTER) >= 0) {
                late.add(new ViewChange(state.view(), Objects.requireNonNull(state.accepted())));
                // another member may take over at the same moment: the next try is at another one
                sealedSince.put(slot, runtime.uptime().minus(Duration.ofMillis(
                        runtime.random().nextLong(TAKES_OVER_AFTER.toMillis()))));
            }
        }
        return late;
    }

    private void finish(List<ViewChange> sealed) {
        List<PeerCall<List<View>>> calls = new ArrayList<>();
        groups(sealed).forEach(group -> parts(group).forEach(part -> calls.add(() -> proposer.propose(part))));
        runtime.gather(calls);
    }

    // -- slots whose members should change ---------------------------------------------------------------------------

    /**
     * Changes a few hundred slots after the others: from its decision until a majority of its new members has caught up
     * nobody serves a slot, so that thousands of them must not be decided at once.
     */
    private List<PeerCall<Boolean>> workers(List<ViewChange> group, Duration end) {
        List<List<ViewChange>> parts = new ArrayList<>(parts(group));
        // those that cannot change now do not hold up the others for good
        Collections.rotate(parts, turn++);
        List<PeerCall<Boolean>> workers = new ArrayList<>();
        for (int worker = 0; worker < Math.min(PARTS_AT_ONCE, parts.size()); worker++) {
            int first = worker;
            workers.add(() -> {
                for (int i = first; i < parts.size() && runtime.uptime().compareTo(end) < 0; i += PARTS_AT_ONCE) {
                    List<ViewChange> part = parts.get(i);
                    Outcome.of(() -> learnAndPropose(part));
                }
                return true;
            });
        }
        return workers;
    }

    private List<View> learnAndPropose(List<ViewChange> wanted) throws PeerException {
        List<ViewChange> changes = ripe(wanted);
        List<Peer> members = wanted.getFirst().present().members();
        note(wanted.size() - changes.size(), "until a majority of these serves them: " + addresses(members));
        if (changes.isEmpty()) {
            return List.of();
        }
        List<View> next = changes.stream().map(ViewChange::next).toList();
        View first = next.getFirst();
        Set<Integer> learned = new LinkedHashSet<>();
        changes.forEach(change -> learned.add(change.slot()));
        for (Peer member : first.members()) {
            if (first.previous().stream().noneMatch(member::sameNode)) {
                int before = learned.size();
                learned.retainAll(learn(member, next));
                note(before - learned.size(), "until " + member.address() + " has copied them");
            }
        }
        List<ViewChange> ready = changes.stream().filter(change -> learned.contains(change.slot())).toList();
        List<View> decided = ready.isEmpty() ? List.of() : proposer.propose(ready);
        note(ready.size() - decided.size(), "until a majority of these agrees: " + addresses(members));
        return decided;
    }

    private Set<Integer> learn(Peer member, List<View> next) throws PeerException {
        if (member.id().equals(table.self())) {
            // what counted before a recovery is set aside first
            List<View> clean = next.stream().filter(view -> !drops.isFromBefore(view)).toList();
            drops.noteLearning(clean);
            return contents.copy(clean);
        }
        try {
            return new LinkedHashSet<>(runtime.call(neighbourhood.newest(member), LearnSlots.of(next)).slots());
        } catch (PeerException e) {
            note(next.size(), "until " + member.address() + " can copy them: " + e.getMessage());
            throw e;
        }
    }

    /** Changes of views that a majority of the members has activated: the others cannot be decided yet. */
    private List<ViewChange> ripe(List<ViewChange> changes) {
        List<View> present = changes.stream().map(ViewChange::present).toList();
        List<List<SlotReport>> answers = reminder.ask(present, present.getFirst().members());
        List<ViewChange> ripe = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            View view = present.get(i);
            int index = i;
            long active = answers.stream().filter(reports ->
                    reports.get(index).activated() == view.number()).count();
            if (active >= view.majority()) {
                ripe.add(changes.get(i));
            }
        }
        return ripe;
    }

    /** Changes that travel together: a peer that hangs holds up its own groups only. */
    private static Collection<List<ViewChange>> groups(List<ViewChange> changes) {
        Map<List<List<Peer>>, List<ViewChange>> groups = new LinkedHashMap<>();
        changes.forEach(change -> groups.computeIfAbsent(change.group(), key -> new ArrayList<>()).add(change));
        return groups.values();
    }

    private static List<List<ViewChange>> parts(List<ViewChange> group) {
        return PlacementRequest.parts(group, ViewChange::next);
    }

    /**
     * One slot's step from its present view to another.
     *
     * @param present the view that decides
     * @param next    what may follow it
     */
    record ViewChange(View present, View next) {

        ViewChange {
            if (present.slot() != next.slot() || next.number() != present.number() + 1
                    || !present.hasMembers(next.previous())) {
                throw new IllegalArgumentException(next + " cannot follow " + present);
            }
        }

        static ViewChange to(View present, List<Peer> members) {
            return new ViewChange(present, present.next(members));
        }

        int slot() {
            return present.slot();
        }

        /** Changes with the same voters and the same new members are decided in the same messages. */
        List<List<Peer>> group() {
            return List.of(present.members(), next.members());
        }
    }
}
