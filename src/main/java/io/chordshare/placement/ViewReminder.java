package io.chordshare.placement;

import io.chordshare.id.ChordId;
import io.chordshare.placement.PlacementRequest.DecidedViews;
import io.chordshare.placement.PlacementRequest.GetSlots;
import io.chordshare.placement.PlacementRequest.SlotReport;
import io.chordshare.placement.PlacementRequest.SlotReports;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** Asks members what they know of their slots, tells those that have missed a decision, and checks what it is told. */
final class ViewReminder {

    /** Nodes that are told something at a time: more than a node has neighbours. */
    private static final int MAX_TOLD = 64;
    /** Nodes that are asked about views that somebody claims to be decided. */
    private static final int MAX_WITNESSES = 2 * View.MAX_MEMBERS;
    /** Members of a claimed view that are looked up on the ring. */
    private static final int MAX_LOOKUPS = 3;

    private final NodeRuntime runtime;
    private final SlotTable table;
    private final Neighbourhood neighbourhood;
    private final Set<ChordId> beingTold = new TreeSet<>();

    ViewReminder(NodeRuntime runtime, SlotTable table, Neighbourhood neighbourhood) {
        this.runtime = runtime;
        this.table = table;
        this.neighbourhood = neighbourhood;
    }

    /**
     * What members say of these slots, those that answer.
     *
     * @param views   at most {@link PlacementRequest#MAX_SLOTS}
     * @param members whom to ask
     */
    List<List<SlotReport>> ask(List<View> views, List<Peer> members) {
        GetSlots question = new GetSlots(views.stream().map(View::slot).toList(),
                views.stream().map(View::number).toList());
        List<PeerCall<List<SlotReport>>> calls = new ArrayList<>();
        members.forEach(member -> calls.add(() -> {
            Peer there = neighbourhood.newest(member);
            SlotReports answer = runtime.call(there, question);
            tellWhatIsMissed(there, views, answer.reports());
            return answer.reports();
        }));
        List<List<SlotReport>> answers = Outcome.answers(runtime.gather(calls)).stream()
                .filter(reports -> reports.size() == views.size()).toList();
        answers.forEach(reports -> table.learn(reports.stream().map(SlotReport::view).filter(Objects::nonNull)
                .toList()));
        return answers;
    }

    /** Asks this node's neighbours on the ring what they know of slots. */
    void askNeighbours(List<Integer> slots) {
        ask(slots, neighbourhood.state().neighbours());
    }

    /** Asks nodes what they know of slots. */
    void ask(List<Integer> slots, Collection<Peer> witnesses) {
        ask(slots, witnesses, () -> false);
    }

    private void ask(List<Integer> slots, Collection<Peer> witnesses, BooleanSupplier enough) {
        for (int from = 0; from < slots.size(); from += PlacementRequest.MAX_SLOTS) {
            GetSlots question = new GetSlots(slots.subList(from,
                    Math.min(from + PlacementRequest.MAX_SLOTS, slots.size())));
            List<PeerCall<SlotReports>> calls = new ArrayList<>();
            witnesses.forEach(peer -> calls.add(() -> {
                SlotReports answer = runtime.call(neighbourhood.newest(peer), question);
                table.learn(answer.reports().stream().map(SlotReport::view).filter(Objects::nonNull).toList());
                return answer;
            }));
            runtime.gather(calls, outcomes -> enough.getAsBoolean());
        }
    }

    /**
     * Hears that views are decided. Anybody can say so, and a wrong view would stop a slot for good. So it is only a
     * hint: this node takes up what it has accepted itself, and what nodes say that it knows: members of the view that
     * it knows, its neighbours, or members of the claimed view that the ring has.
     */
    void hear(List<View> claimed) {
        table.learn(claimed.stream().filter(view -> view.equals(table.state(view.slot()).map(SlotState::accepted)
                .orElse(null))).toList());
        List<View> open = claimed.stream().filter(table::isNews).toList();
        if (open.isEmpty()) {
            return;
        }
        Set<Peer> known = new LinkedHashSet<>(neighbourhood.state().neighbours());
        open.forEach(view -> table.newest(view.slot()).ifPresent(newest -> known.addAll(newest.members())));
        askUntilKnown(open, known.stream().filter(peer -> !peer.id().equals(table.self())).limit(MAX_WITNESSES)
                .toList());
        List<View> still = open.stream().filter(table::isNews).toList();
        if (!still.isEmpty()) {
            askUntilKnown(still, still.stream().flatMap(view -> view.members().stream()).distinct()
                    .filter(peer -> known.stream().noneMatch(peer::sameNode)).limit(MAX_LOOKUPS)
                    .filter(neighbourhood::isOnTheRing).toList());
        }
    }

    /** The first answers that confirm all views are enough. */
    private void askUntilKnown(List<View> claimed, List<Peer> witnesses) {
        ask(slotsOf(claimed), witnesses, () -> claimed.stream().noneMatch(table::isNews));
    }

    private static List<Integer> slotsOf(List<View> views) {
        return views.stream().map(View::slot).distinct().toList();
    }

    private void tellWhatIsMissed(Peer member, List<View> views, List<SlotReport> reports) {
        List<View> missed = new ArrayList<>();
        for (int i = 0; i < Math.min(views.size(), reports.size()); i++) {
            if (reports.get(i).number() < views.get(i).number()) {
                missed.add(views.get(i));
            }
        }
        tell(member, missed);
    }

    /** Tells a node in the background. While it is being told something it is told nothing else: it is told again. */
    void tell(Peer node, List<View> views) {
        if (views.isEmpty() || !begin(node.id())) {
            return;
        }
        runtime.start("tell of views", () -> {
            try {
                for (List<View> some : PlacementRequest.parts(views, view -> view)) {
                    DecidedViews message = DecidedViews.of(some);
                    if (Outcome.of(() -> runtime.call(neighbourhood.newest(node), message)).value().isEmpty()) {
                        break;
                    }
                }
            } finally {
                end(node.id());
            }
        });
    }

    private synchronized boolean begin(ChordId node) {
        return beingTold.size() < MAX_TOLD && beingTold.add(node);
    }

    private synchronized void end(ChordId node) {
        beingTold.remove(node);
    }
}
