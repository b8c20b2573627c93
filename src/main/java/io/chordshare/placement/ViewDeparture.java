package io.chordshare.placement;

import io.chordshare.id.ChordId;
import io.chordshare.placement.PlacementRequest.GetSlots;
import io.chordshare.placement.PlacementRequest.LeavingNode;
import io.chordshare.placement.PlacementRequest.Noted;
import io.chordshare.placement.PlacementRequest.SlotReport;
import io.chordshare.placement.PlacementRequest.SlotReports;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How a node gives its slots to others before it leaves. It takes no new slots, tells all that may have made it a
 * member, and goes when neither a decided nor an accepted view has it.
 */
final class ViewDeparture {

    private static final Duration LOOKS_EVERY = Duration.ofMillis(200);
    /** In one look. */
    private static final int MAX_LOOKUPS = 16;

    private final NodeRuntime runtime;
    private final Placement placement;
    private final SlotTable table;
    private final Neighbourhood neighbourhood;
    /** All that this node has known as members or neighbours since it began to leave. */
    private final Set<Peer> others = new LinkedHashSet<>();
    private volatile List<String> refusals = List.of();

    ViewDeparture(NodeRuntime runtime, Placement placement, SlotTable table, Neighbourhood neighbourhood) {
        this.runtime = runtime;
        this.placement = placement;
        this.table = table;
        this.neighbourhood = neighbourhood;
    }

    /** @return whether nobody needs this node any more; false when time is up */
    boolean leave(Duration atMost) {
        Duration deadline = runtime.uptime().plus(atMost);
        neighbourhood.leave();
        while (!knowsItsSlots() || !tellOthers() || isNeeded() || othersNeedIt()) {
            if (runtime.uptime().compareTo(deadline) > 0) {
                return false;
            }
            placement.tick();
            runtime.sleep(LOOKS_EVERY);
        }
        return true;
    }

    /** A node that has just started, or has just entered a ring, does not know yet what it is a member of. */
    private boolean knowsItsSlots() {
        return table.ring() != null && table.ring().equals(neighbourhood.state().ringId());
    }

    List<String> refusals() {
        return refusals;
    }

    private boolean isNeeded() {
        return IntStream.range(0, table.count()).anyMatch(slot -> table.activated(slot) > 0
                || table.state(slot).filter(state -> state.view().has(table.self())).isPresent());
    }

    /** @return whether all that answer have ended the changes that they had begun before */
    private boolean tellOthers() {
        Peer self = neighbourhood.state().self();
        ownViews().forEach(view -> others.addAll(view.members()));
        others.addAll(neighbourhood.state().neighbours());
        others.removeIf(self::sameNode);
        List<PeerCall<Noted>> calls = new ArrayList<>();
        List<String> problems = Collections.synchronizedList(new ArrayList<>());
        others.forEach(other -> calls.add(() -> {
            Noted noted = runtime.call(neighbourhood.newest(other), new LeavingNode(self));
            if (noted.problem() != null) {
                problems.add(other.address() + " does not accept its part: " + noted.problem());
            }
            return noted;
        }));
        List<Outcome<Noted>> outcomes = runtime.gather(calls);
        refusals = List.copyOf(problems);
        return outcomes.stream().noneMatch(outcome -> outcome instanceof Outcome.Failed<Noted> failed
                && failed.reason().reason() != Reason.NO_ANSWER);
    }

    /** The newest views of slots of which this node is, was or becomes a member. */
    private Stream<View> ownViews() {
        return IntStream.range(0, table.count()).boxed().filter(slot -> table.state(slot).isPresent())
                .flatMap(slot -> table.newest(slot).stream());
    }

    /**
     * Whether a view that may come has this node. What others remember of old views does not matter: a newer one was
     * decided without it.
     */
    private boolean mayNeedIt(View accepted) {
        return accepted.has(table.self())
                && table.newest(accepted.slot()).filter(known -> known.number() >= accepted.number()).isEmpty();
    }

    /** Who does not answer may need it, unless a majority of the members of each view do and do not. */
    private boolean othersNeedIt() {
        Set<ChordId> answering = new ConcurrentSkipListSet<>();
        List<PeerCall<Boolean>> calls = new ArrayList<>();
        others.forEach(other -> calls.add(() -> {
            boolean needs = needsIt(other);
            answering.add(other.id());
            return needs;
        }));
        if (Outcome.answers(runtime.gather(calls)).contains(true) || isNeeded()) {
            return true;
        }
        // who has not answered for all slots may need this node in one of them
        List<View> unanswered = ownViews().filter(view -> view.members().stream().map(Peer::id)
                .filter(answering::contains).count() < view.majority()).toList();
        // long ago it gave a slot to nodes that have gone since: the ring knows who has it now
        unanswered.stream().limit(MAX_LOOKUPS).forEach(view -> placement.find(view.slot()));
        return !unanswered.isEmpty();
    }

    /** Asks for some slots after the others: the answers for thousands of slots at once need much memory. */
    private boolean needsIt(Peer other) throws PeerException {
        for (int from = 0; from < table.count(); from += PlacementRequest.MAX_SLOTS) {
            List<Integer> slots = IntStream.range(from, Math.min(from + PlacementRequest.MAX_SLOTS, table.count()))
                    .boxed().toList();
            SlotReports answer = runtime.call(neighbourhood.newest(other), new GetSlots(slots, slots.stream()
                    .map(slot -> table.newest(slot).map(View::number).orElse(0L)).toList()));
            placement.learn(answer.reports().stream().map(SlotReport::view).filter(Objects::nonNull).toList());
            if (answer.reports().stream().map(SlotReport::next).filter(Objects::nonNull).anyMatch(this::mayNeedIt)) {
                return true;
            }
        }
        return false;
    }
}
