package io.chordshare.placement;

import io.chordshare.id.ChordId;
import io.chordshare.placement.PlacementRequest.GetSlots;
import io.chordshare.placement.PlacementRequest.RecoverViews;
import io.chordshare.placement.PlacementRequest.SlotReport;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingRequest.Ping;
import io.chordshare.ring.protocol.RingRequest.Pong;
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
 * so nothing but a person begins it. It takes two rounds: in the first, every node that takes part checks that a
 * majority really is lost, and nothing changes unless all of them agree.
 */
public final class ViewRecovery {

    private static final Logger log = LoggerFactory.getLogger(ViewRecovery.class);

    /** Two persons who recover at once must not give one number to two views. */
    private static final int EPOCHS = 100_000;
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(3);
    /** A node that agrees has asked others before. */
    private static final Duration AGREES_WITHIN = Duration.ofSeconds(10);
    /** A view that is new gets this long to be served: a recovery is no cure for impatience. */
    private static final Duration SERVED_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOKS_EVERY = Duration.ofSeconds(1);
    private static final Set<ChordId> NOBODY = Collections.unmodifiableSet(new TreeSet<>());
    /** The second round must come within this time of the first. */
    private static final Duration AGREED_FOR = Duration.ofSeconds(60);

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final SlotTable table;
    private final Neighbourhood neighbourhood;
    private final ViewReminder reminder;
    /** What this node has agreed to in the first round: at most one entry for each slot. */
    private final Map<Integer, Agreement> agreements = new TreeMap<>();

    private record Agreement(View view, Duration at) {}

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
        Survey survey = settledSurvey();
        long epochs = 1 + runtime.random().nextInt(EPOCHS);
        Map<ChordId, Peer> lost = new TreeMap<>();
        List<View> wanted = new ArrayList<>();
        List<Integer> failed = new ArrayList<>();
        for (int slot = 0; slot < table.count(); slot++) {
            Optional<View> newest = table.newest(slot);
            if (newest.isPresent() && survey.isServed(newest.get())) {
                continue;
            }
            List<Peer> members = newest.map(View::members).orElse(List.of());
            if (members.stream().anyMatch(survey::isSlow)) {
                failed.add(slot);
                continue;
            }
            members.stream().filter(member -> !survey.answering(member))
                    .forEach(member -> lost.put(member.id(), member));
            List<Peer> left = members.stream().filter(survey::answering).map(neighbourhood::newest).toList();
            List<Peer> next = left.isEmpty() ? owner(slot, survey) : left;
            if (next.isEmpty()) {
                failed.add(slot);
            } else {
                wanted.add(newest.isPresent() ? newest.get().recovered(next, epochs)
                        : View.recovered(table.requireRing(), slot, epochs, next));
            }
        }
        List<View> agreed = ask(wanted, false);
        List<Integer> recovered = ask(agreed, true).stream().map(View::slot).toList();
        wanted.stream().map(View::slot).filter(slot -> !recovered.contains(slot)).forEach(failed::add);
        log.warn("A person has recovered {} slots of {} lost nodes ({}); {} slots could not be recovered",
                recovered.size(), lost.size(), lost.values(), failed.size());
        return new Report(recovered, failed, List.copyOf(lost.values()));
    }

    /** What the nodes of the ring said of all slots. */
    private final class Survey {

        private final Set<ChordId> inRing = new TreeSet<>();
        private final Set<ChordId> answering = new TreeSet<>();
        /** By slot and number, how many members answer in that view. */
        private final Map<Integer, Map<Long, Set<ChordId>>> active = new TreeMap<>();

        boolean answering(Peer member) {
            return answering.contains(member.id());
        }

        /** A slow node is not a lost one: the ring has dropped those. */
        boolean isSlow(Peer member) {
            return inRing.contains(member.id()) && !answering(member);
        }

        boolean isServed(View view) {
            Map<Long, Set<ChordId>> ofSlot = active.get(view.slot());
            Set<ChordId> serving = ofSlot == null ? NOBODY : ofSlot.getOrDefault(view.number(), NOBODY);
            return view.members().stream().filter(member -> serving.contains(member.id())).count() >= view.majority();
        }

        /** Whether there is a slot whose members answer, but too few of them answer in its view yet. */
        boolean isUnsettled() {
            return IntStream.range(0, table.count()).anyMatch(slot -> table.newest(slot).filter(view -> !isServed(view)
                    && view.members().stream().filter(this::answering).count() >= view.majority()).isPresent());
        }

        private synchronized void note(ChordId node, List<SlotReport> reports) {
            reports.stream().filter(report -> report.activated() > 0).forEach(report -> active
                    .computeIfAbsent(report.slot(), key -> new TreeMap<>())
                    .computeIfAbsent(report.activated(), key -> new TreeSet<>()).add(node));
        }
    }

    private Survey settledSurvey() {
        Duration deadline = runtime.uptime().plus(SERVED_WITHIN);
        Survey survey = survey();
        while (survey.isUnsettled() && runtime.uptime().compareTo(deadline) < 0) {
            runtime.sleep(LOOKS_EVERY);
            survey = survey();
        }
        return survey;
    }

    private Survey survey() {
        Survey survey = new Survey();
        List<PeerCall<Peer>> calls = new ArrayList<>();
        Peer self = neighbourhood.state().self();
        for (Peer node : ring.walkRing()) {
            survey.inRing.add(node.id());
            if (!node.sameNode(self)) {
                calls.add(() -> {
                    for (List<Integer> slots : allSlots()) {
                        List<SlotReport> reports = runtime.call(node, new GetSlots(slots), ANSWERS_WITHIN).reports();
                        table.learn(reports.stream().map(SlotReport::view).filter(Objects::nonNull).toList());
                        survey.note(node.id(), reports);
                    }
                    return node;
                });
            }
        }
        Outcome.answers(runtime.gather(calls)).forEach(node -> survey.answering.add(node.id()));
        survey.answering.add(self.id());
        for (int slot = 0; slot < table.count(); slot++) {
            survey.note(self.id(), List.of(new SlotReport(slot, 0, null, table.activated(slot), false, null)));
        }
        return survey;
    }

    private List<List<Integer>> allSlots() {
        List<List<Integer>> parts = new ArrayList<>();
        for (int from = 0; from < table.count(); from += PlacementRequest.MAX_SLOTS) {
            parts.add(IntStream.range(from, Math.min(from + PlacementRequest.MAX_SLOTS, table.count())).boxed()
                    .toList());
        }
        return parts;
    }

    /** Who answers for a slot of which nothing is left. */
    private List<Peer> owner(int slot, Survey survey) {
        try {
            Peer owner = ring.lookup(table.slots().start(slot)).owner();
            return survey.answering(owner) ? List.of(owner) : List.of();
        } catch (LookupFailedException e) {
            log.debug("nobody is found for slot {}: {}", slot, e.getMessage());
            return List.of();
        }
    }

    /** Views for which all their members have said yes. */
    private List<View> ask(List<View> views, boolean isDecided) {
        Map<List<Peer>, List<View>> groups = new LinkedHashMap<>();
        views.forEach(view -> groups.computeIfAbsent(view.members(), key -> new ArrayList<>()).add(view));
        List<View> agreed = new ArrayList<>();
        groups.forEach((members, group) -> {
            for (List<View> some : PlacementRequest.parts(group, view -> view)) {
                RecoverViews question = RecoverViews.of(some, isDecided);
                List<PeerCall<List<Integer>>> calls = new ArrayList<>();
                members.forEach(member -> calls.add(() -> member.id().equals(table.self()) ? answer(question)
                        : runtime.call(member, question, AGREES_WITHIN).slots()));
                List<List<Integer>> answers = Outcome.answers(runtime.gather(calls));
                some.stream().filter(view -> answers.size() == members.size()
                        && answers.stream().allMatch(answer -> answer.contains(view.slot()))).forEach(agreed::add);
            }
        });
        return agreed;
    }

    /**
     * Answers one who recovers: in the first round whether this node agrees, in the second it takes the views up.
     *
     * @return the slots for which it does; in the second round that is durable
     * @throws PeerException when the disk does not take it
     */
    List<Integer> answer(RecoverViews question) throws PeerException {
        List<View> possible = question.views().stream().filter(view -> view.beginsAfterRecovery()
                && view.has(table.self()) && view.ring().equals(table.ring()) && view.slot() < table.count()).toList();
        return (question.decided() ? takeUp(possible) : agree(possible)).stream().map(View::slot).toList();
    }

    private List<View> agree(List<View> possible) {
        List<Integer> unknown = possible.stream().map(View::slot).filter(slot -> table.newest(slot).isEmpty()).toList();
        if (!unknown.isEmpty()) {
            reminder.ask(unknown, ring.walkRing());
        }
        Alive alive = alive(possible);
        List<View> agreed = possible.stream().filter(view -> {
            View known = table.newest(view.slot()).orElse(null);
            long before = known == null ? 0 : known.epoch();
            return view.epoch() > before && view.epoch() - before <= EPOCHS && (known == null || alive.hasLost(known));
        }).toList();
        Duration now = runtime.uptime();
        synchronized (agreements) {
            agreed.forEach(view -> agreements.put(view.slot(), new Agreement(view, now)));
        }
        return agreed;
    }

    private List<View> takeUp(List<View> decided) throws PeerException {
        Duration now = runtime.uptime();
        List<View> agreed;
        synchronized (agreements) {
            agreements.values().removeIf(agreement -> now.minus(agreement.at()).compareTo(AGREED_FOR) > 0);
            agreed = decided.stream().filter(view -> agreements.containsKey(view.slot())
                    && agreements.get(view.slot()).view().equals(view)).toList();
        }
        table.learn(agreed);
        table.awaitSaved();
        return agreed;
    }

    /**
     * Who is there of the members of the views that this node knows.
     *
     * @param nodes   those that answer as nodes of this ring, in whatever state, or that the ring has not dropped
     * @param serving by slot, those that answer in the view that this node knows, or know a newer one
     * @param waiting by slot, those that know that view and do not answer in it
     */
    private record Alive(Set<ChordId> nodes, Map<Integer, Set<ChordId>> serving, Map<Integer, Set<ChordId>> waiting) {

        Alive() {
            this(new TreeSet<>(), new TreeMap<>(), new TreeMap<>());
        }

        synchronized boolean noteThere(ChordId node) {
            return nodes.add(node);
        }

        synchronized void note(View known, ChordId node, SlotReport report) {
            boolean serves = report.activated() >= known.number() || report.number() > known.number();
            if (serves || report.number() == known.number()) {
                (serves ? serving : waiting).computeIfAbsent(known.slot(), key -> new TreeSet<>()).add(node);
            }
        }

        /** Whether a majority is gone, or is there and lacks what it needs to answer. */
        boolean hasLost(View known) {
            long serve = count(known, serving.getOrDefault(known.slot(), NOBODY));
            long wait = count(known, waiting.getOrDefault(known.slot(), NOBODY));
            boolean isStuck = serve < known.majority() && serve + wait >= known.majority();
            return count(known, nodes) < known.majority() || isStuck;
        }

        private static long count(View known, Set<ChordId> some) {
            return known.members().stream().filter(member -> some.contains(member.id())).count();
        }
    }

    private Alive alive(Collection<View> views) {
        Set<Peer> members = new LinkedHashSet<>();
        List<View> known = views.stream().flatMap(view -> table.newest(view.slot()).stream()).toList();
        known.forEach(view -> members.addAll(view.members()));
        members.removeIf(member -> member.id().equals(table.self()));
        Alive alive = new Alive();
        List<PeerCall<Boolean>> calls = new ArrayList<>();
        GetSlots question = new GetSlots(known.stream().map(View::slot).toList());
        members.forEach(member -> {
            Peer there = neighbourhood.newest(member);
            calls.add(() -> {
                Pong pong = runtime.call(there, new Ping(), ANSWERS_WITHIN);
                if (!pong.ringIds().contains(table.requireRing())) {
                    throw new PeerException(PeerException.Reason.WRONG_RING, there + " is in another ring");
                }
                return alive.noteThere(there.id());
            });
            calls.add(() -> {
                List<SlotReport> reports = runtime.call(there, question, ANSWERS_WITHIN).reports();
                for (int i = 0; i < Math.min(known.size(), reports.size()); i++) {
                    alive.note(known.get(i), there.id(), reports.get(i));
                }
                return true;
            });
        });
        runtime.gather(calls);
        neighbourhood.state().neighbours().forEach(neighbour -> alive.noteThere(neighbour.id()));
        alive.noteThere(table.self());
        known.forEach(view -> alive.note(view, table.self(), new SlotReport(view.slot(), view.number(), null,
                table.activated(view.slot()), false, null)));
        return alive;
    }
}
