package io.chordshare.placement;

import io.chordshare.placement.PlacementRequest.AcceptViews;
import io.chordshare.placement.PlacementRequest.DecidedViews;
import io.chordshare.placement.PlacementRequest.GetSlots;
import io.chordshare.placement.PlacementRequest.LearnSlots;
import io.chordshare.placement.PlacementRequest.LearnedSlots;
import io.chordshare.placement.PlacementRequest.LeavingNode;
import io.chordshare.placement.PlacementRequest.Noted;
import io.chordshare.placement.PlacementRequest.PrepareViews;
import io.chordshare.placement.PlacementRequest.RecoverViews;
import io.chordshare.placement.PlacementRequest.SlotReport;
import io.chordshare.placement.PlacementRequest.SlotReports;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What this node answers to others about slots. Views that it is told are hints: it asks nodes that it knows. */
final class PlacementAnswers {

    /** Less than one who waits for it waits for an answer. */
    private static final Duration CHANGES_END_WITHIN = Duration.ofSeconds(4);

    private final Placement placement;
    private final SlotTable table;
    private final Neighbourhood neighbourhood;
    private final ViewChanges changes;
    private final SlotDrops drops;
    private final ViewRecovery recovery;
    private final SlotContents contents;
    private final ViewAcceptor acceptor;

    PlacementAnswers(Placement placement, SlotTable table, Neighbourhood neighbourhood, ViewChanges changes,
                     SlotDrops drops, ViewRecovery recovery, SlotContents contents) {
        this.placement = placement;
        this.table = table;
        this.neighbourhood = neighbourhood;
        this.changes = changes;
        this.drops = drops;
        this.recovery = recovery;
        this.contents = contents;
        this.acceptor = new ViewAcceptor(table);
    }

    /**
     * Answers a peer.
     *
     * @throws PeerException when it cannot be done, with the reason
     */
    @SuppressWarnings("unchecked") // each request names the type of its answer
    <A> A answer(PlacementRequest<A> request) throws PeerException {
        return (A) switch (request) {
            case GetSlots question -> new SlotReports(IntStream.range(0, question.slots().size())
                    .mapToObj(index -> report(question, index)).toList());
            case PrepareViews prepare -> {
                placement.hear(prepare.views());
                yield acceptor.prepare(prepare);
            }
            case AcceptViews accept -> acceptor.accept(accept);
            case DecidedViews decided -> {
                placement.takeUp(decided.views());
                yield new Noted(null);
            }
            case LearnSlots learn -> new LearnedSlots(learn(learn));
            case RecoverViews recover -> new LearnedSlots(recovery.answer(recover));
            case LeavingNode leaving -> {
                neighbourhood.noteLeaving(leaving.node());
                changes.awaitEndOfRun(CHANGES_END_WITHIN);
                yield new Noted(contents.problem().orElse(null));
            }
        };
    }

    /** A node that leaves does not become a member again. */
    private List<Integer> learn(LearnSlots request) {
        if (neighbourhood.isSelfLeaving()) {
            return List.of();
        }
        List<View> claimed = request.next().stream()
                .filter(view -> placement.isOfThisRing(view) && view.slot() < table.count()).toList();
        changes.askNeighbours(claimed.stream().filter(view -> !follows(view)).map(View::slot).toList());
        // what counted before a recovery is set aside first
        List<View> next = claimed.stream().filter(this::follows).filter(view -> !drops.isFromBefore(view)).toList();
        drops.noteLearning(next);
        return List.copyOf(contents.copy(next));
    }

    /** Whether a view can follow the one that this node knows: it copies from no others. */
    private boolean follows(View next) {
        return table.newest(next.slot()).filter(known -> known.number() == next.number() - 1
                && known.hasMembers(next.previous())).isPresent();
    }

    private SlotReport report(GetSlots question, int index) {
        int slot = question.slots().get(index);
        View view = table.newest(slot).orElse(null);
        boolean isKnown = view != null && question.known() != null && question.known().get(index) == view.number();
        return new SlotReport(slot, view == null ? 0 : view.number(), isKnown ? null : view, table.activated(slot),
                view != null && view.has(table.self()) && contents.isWhole(view),
                table.state(slot).map(SlotState::accepted).orElse(null));
    }
}
