package io.chordshare.placement;

import io.chordshare.id.ChordId;
import io.chordshare.placement.PlacementRequest.GetSlots;
import io.chordshare.placement.PlacementRequest.RecoverViews;
import io.chordshare.placement.PlacementRequest.SlotReport;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a person does when a majority of the members of a slot will never come back: those that are left become its
 * view, above all numbers that the others can have reached. It breaks the rule that the present view decides the next,
 * so nothing but a person begins it, and every node that takes part checks first that a majority really is silent.
 */
public final class ViewRecovery {

    private static final Logger log = LoggerFactory.getLogger(ViewRecovery.class);

    /** Two persons who recover at once must not give one number to two views. */
    private static final int EPOCHS = 1000;
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(3);
    /** A node that agrees has asked others before. */
    private static final Duration AGREES_WITHIN = Duration.ofSeconds(10);

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final SlotTable table;
    private final Neighbourhood neighbourhood;
    private final ViewReminder reminder;

    ViewRecovery(NodeRuntime runtime, RingNode ring, SlotTable table, Neighbourhood neighbourhood,
                 ViewReminder reminder) {
        this.runtime = runtime;
        this.ring = ring;
        this.table = table;
        this.neighbourhood = neighbourhood;
        this.reminder = reminder;
    }

    /**
     * What came of a recovery.
     *
     * @param recovered slots that have a new view
     * @param failed    slots that have none: not all that are left agreed
     * @param lost      members of the views before that did not answer
     */
    public record Report(List<Integer> recovered, List<Integer> failed, List<Peer> lost) {}

    Report recover() {
        List<Peer> nodes = ring.walkRing();
        Set<ChordId> ids = answering(nodes);
        // a slow node is not a lost one: the ring has dropped those
        Set<ChordId> inRing = new TreeSet<>(nodes.stream().map(Peer::id).toList());
        long epochs = 1 + runtime.random().nextInt(EPOCHS);
        Map<ChordId, Peer> lost = new TreeMap<>();
        List<View> wanted = new ArrayList<>();
        List<Integer> failed = new ArrayList<>();
        for (int slot = 0; slot < table.count(); slot++) {
            Optional<View> newest = table.newest(slot);
            List<Peer> members = newest.map(View::members).orElse(List.of());
            List<Peer> left = members.stream().filter(member -> ids.contains(member.id())).map(neighbourhood::newest)
                    .toList();
            if (newest.isPresent() && left.size() >= newest.get().majority()) {
                continue;
            }
            if (members.stream().anyMatch(member -> inRing.contains(member.id()) && !ids.contains(member.id()))) {
                failed.add(slot);
                continue;
            }
            members.stream().filter(member -> !ids.contains(member.id()))
                    .forEach(member -> lost.put(member.id(), member));
            List<Peer> next = left.isEmpty() ? owner(slot, ids) : left;
            if (next.isEmpty()) {
                failed.add(slot);
            } else {
                wanted.add(newest.isPresent() ? newest.get().recovered(next, epochs)
                        : View.recovered(table.requireRing(), slot, epochs, next));
            }
        }
        List<Integer> recovered = agreed(wanted);
        wanted.stream().map(View::slot).filter(slot -> !recovered.contains(slot)).forEach(failed::add);
        log.warn("A person has recovered {} slots of {} lost nodes ({}); {} slots could not be recovered",
                recovered.size(), lost.size(), lost.values(), failed.size());
        return new Report(recovered, failed, List.copyOf(lost.values()));
    }

    /** Nodes that tell what they know of all slots, and this one. What they know is known here then. */
    private Set<ChordId> answering(List<Peer> nodes) {
        List<PeerCall<Peer>> calls = new ArrayList<>();
        Peer self = neighbourhood.state().self();
        for (Peer node : nodes) {
            if (!node.sameNode(self)) {
                calls.add(() -> {
                    for (int from = 0; from < table.count(); from += PlacementRequest.MAX_SLOTS) {
                        GetSlots question = new GetSlots(IntStream.range(from, Math.min(from
                                + PlacementRequest.MAX_SLOTS, table.count())).boxed().toList());
                        table.learn(runtime.call(node, question, ANSWERS_WITHIN).reports().stream()
                                .map(SlotReport::view).filter(Objects::nonNull).toList());
                    }
                    return node;
                });
            }
        }
        Set<ChordId> answering = new TreeSet<>(List.of(self.id()));
        Outcome.answers(runtime.gather(calls)).forEach(node -> answering.add(node.id()));
        return answering;
    }

    /** Who answers for a slot of which nothing is left. */
    private List<Peer> owner(int slot, Set<ChordId> answering) {
        try {
            Peer owner = ring.lookup(table.slots().start(slot)).owner();
            return answering.contains(owner.id()) ? List.of(owner) : List.of();
        } catch (LookupFailedException e) {
            log.debug("nobody is found for slot {}: {}", slot, e.getMessage());
            return List.of();
        }
    }

    /** Slots for which all that are left agree. */
    private List<Integer> agreed(List<View> views) {
        Map<List<Peer>, List<View>> groups = new LinkedHashMap<>();
        views.forEach(view -> groups.computeIfAbsent(view.members(), key -> new ArrayList<>()).add(view));
        List<Integer> agreed = new ArrayList<>();
        groups.forEach((members, group) -> {
            for (List<View> some : PlacementRequest.parts(group, view -> view)) {
                RecoverViews question = RecoverViews.of(some);
                List<PeerCall<List<Integer>>> calls = new ArrayList<>();
                members.forEach(member -> calls.add(() -> member.id().equals(table.self()) ? accept(some)
                        : runtime.call(member, question, AGREES_WITHIN).slots()));
                List<List<Integer>> answers = Outcome.answers(runtime.gather(calls));
                some.stream().map(View::slot).filter(slot -> answers.size() == members.size()
                        && answers.stream().allMatch(answer -> answer.contains(slot))).forEach(agreed::add);
                table.learn(some.stream().filter(view -> agreed.contains(view.slot())).toList());
            }
        });
        return agreed;
    }

    /**
     * Takes up views after a recovery that somebody has begun.
     *
     * @return the slots for which this node agrees; that is durable
     * @throws PeerException when the disk does not take it
     */
    List<Integer> accept(List<View> recovered) throws PeerException {
        List<View> possible = recovered.stream().filter(view -> view.beginsAfterRecovery()
                && view.has(table.self()) && view.ring().equals(table.ring()) && view.slot() < table.count()).toList();
        reminder.askNeighbours(possible.stream().map(View::slot).filter(slot -> table.newest(slot).isEmpty())
                .toList());
        Set<ChordId> answering = membersAlive(possible);
        List<View> agreed = possible.stream().filter(view -> table.newest(view.slot())
                .map(known -> known.equals(view) || view.epoch() > known.epoch() && isLost(known, answering))
                .orElse(true)).toList();
        table.learn(agreed);
        table.awaitSaved();
        return agreed.stream().map(View::slot).toList();
    }

    private static boolean isLost(View known, Set<ChordId> answering) {
        return known.members().stream().filter(member -> answering.contains(member.id())).count() < known.majority();
    }

    /** Members of the views that this node knows that answer, or that the ring has not dropped. */
    private Set<ChordId> membersAlive(Collection<View> views) {
        Set<Peer> members = new LinkedHashSet<>();
        views.forEach(view -> table.newest(view.slot()).ifPresent(known -> members.addAll(known.members())));
        List<PeerCall<ChordId>> calls = new ArrayList<>();
        members.stream().filter(member -> !member.id().equals(table.self())).forEach(member -> calls.add(() -> {
            Peer there = neighbourhood.newest(member);
            boolean isMember = runtime.call(there, new Ping(), ANSWERS_WITHIN).status().isMember();
            if (!isMember) {
                throw new PeerException(PeerException.Reason.REFUSED, there + " is not a member of a ring");
            }
            return there.id();
        }));
        Set<ChordId> alive = new TreeSet<>(Outcome.answers(runtime.gather(calls)));
        neighbourhood.state().neighbours().forEach(neighbour -> alive.add(neighbour.id()));
        alive.add(table.self());
        return alive;
    }
}
