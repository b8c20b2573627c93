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
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Asks members what they know of their slots, and tells those that have missed a decision. */
final class ViewReminder {

    /** Nodes that are told something at a time: more than a node has neighbours. */
    private static final int MAX_TOLD = 64;

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
        GetSlots question = new GetSlots(views.stream().map(View::slot).toList());
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

    private void tellWhatIsMissed(Peer member, List<View> views, List<SlotReport> reports) {
        List<View> missed = new ArrayList<>();
        for (int i = 0; i < Math.min(views.size(), reports.size()); i++) {
            View theirs = reports.get(i).view();
            if (theirs == null || theirs.number() < views.get(i).number()) {
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
            for (int from = 0; from < views.size(); from += PlacementRequest.MAX_SLOTS) {
                DecidedViews some = new DecidedViews(views.subList(from,
                        Math.min(from + PlacementRequest.MAX_SLOTS, views.size())));
                if (Outcome.of(() -> runtime.call(neighbourhood.newest(node), some)).value().isEmpty()) {
                    break;
                }
            }
            end(node.id());
        });
    }

    private synchronized boolean begin(ChordId node) {
        return beingTold.size() < MAX_TOLD && beingTold.add(node);
    }

    private synchronized void end(ChordId node) {
        beingTold.remove(node);
    }
}
