package io.chordshare.register;

import io.chordshare.placement.Placement;
import io.chordshare.placement.SlotContents;
import io.chordshare.placement.View;
import io.chordshare.register.RegisterRequest.DigestReport;
import io.chordshare.register.RegisterRequest.Digests;
import io.chordshare.register.RegisterRequest.GetDigests;
import io.chordshare.register.RegisterRequest.ViewNumber;
import io.chordshare.runtime.DiskAnswer;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Quorum;
import io.chordshare.storage.error.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the registers of slots between the members of one view and the next. Slots that have the same digest on both
 * sides move nothing.
 */
public final class SlotTransfer implements SlotContents {

    private static final Logger log = LoggerFactory.getLogger(SlotTransfer.class);

    /** The one who asks for it waits for an answer, and asks again for the rest. */
    private static final Duration COPIES_FOR = Duration.ofSeconds(3);
    /** Enough to share a write to the disk; few, since all new members of a small ring ask the same node. */
    private static final int SLOTS_AT_ONCE = 4;
    private static final Duration DROPPED_WITHIN = Duration.ofSeconds(30);

    private final NodeRuntime runtime;
    private final Placement placement;
    private final RegisterStore store;
    private final SlotPull pull;

    public SlotTransfer(NodeRuntime runtime, Placement placement, RegisterStore store, BlockSource blocks) {
        this.runtime = runtime;
        this.placement = placement;
        this.store = store;
        this.pull = new SlotPull(runtime, placement, store, blocks,
                name -> log.debug("{} is settled by its next reader", name));
    }

    /** What one node says of one slot. */
    private record Source(Peer peer, DigestReport report) {}

    @Override
    public Set<Integer> copy(List<View> next) {
        Map<Integer, List<Source>> sources = ask(next, false, SlotTransfer::active);
        Duration deadline = runtime.uptime().plus(COPIES_FOR);
        return those(next, view -> {
            List<Source> active = active(view, sources.getOrDefault(view.slot(), List.of()));
            return !active.isEmpty() && isCopied(view, active.getFirst(), deadline) && isMadeWhole(view, deadline);
        });
    }

    /** Several slots at a time: what one of them waits for, the disk or a peer, is used for the others. */
    private Set<Integer> those(List<View> views, Predicate<View> isReady) {
        List<PeerCall<List<Integer>>> calls = new ArrayList<>();
        for (int worker = 0; worker < Math.min(SLOTS_AT_ONCE, views.size()); worker++) {
            int first = worker;
            calls.add(() -> IntStream.iterate(first, i -> i < views.size(), i -> i + SLOTS_AT_ONCE)
                    .mapToObj(views::get).filter(isReady).map(View::slot).toList());
        }
        Set<Integer> ready = new TreeSet<>();
        Outcome.answers(runtime.gather(calls)).forEach(ready::addAll);
        return ready;
    }

    /** One member that answers in the present view has all that was acknowledged before it. */
    private static List<Source> active(View next, List<Source> sources) {
        return sources.stream().filter(source -> source.report().activated() >= next.number() - 1).limit(1).toList();
    }

    @Override
    public Set<Integer> catchUp(List<View> views) {
        try {
            // a slot that was being dropped when its view came is gone now, and its digest says so
            placement.awaitSaved();
        } catch (PeerException e) {
            log.debug("views are not saved yet: {}", e.getMessage());
            return new LinkedHashSet<>();
        }
        Map<Integer, List<Source>> sources = ask(views, true, this::needed);
        return those(views, view -> {
            List<Source> needed = needed(view, sources.getOrDefault(view.slot(), List.of()));
            boolean isEnough = !needed.isEmpty() || view.previous().isEmpty() || isAllThatIsLeft(view)
                    || isMajority(view, 0) && isActiveBefore(view);
            return isEnough && needed.stream().allMatch(source -> isCopied(view, source, null));
        });
    }

    /**
     * From whom a new member gets everything that was acknowledged before its view; empty while too few answer. A
     * member that answers in the view already has got everything, and one is enough. Otherwise a majority of the
     * members before is needed, none of which acknowledges anything more there, and one of which has answered there:
     * that one has everything that was acknowledged earlier, and what was acknowledged in the view before is at one of
     * them. After a recovery all members are needed.
     */
    private List<Source> needed(View view, List<Source> sources) {
        List<Source> active = sources.stream().filter(source -> source.report().activated() >= view.number()
                && view.has(source.peer().id())).limit(1).toList();
        if (!active.isEmpty()) {
            return active;
        }
        List<Source> sealed = sources.stream().filter(source -> source.report().over()
                && view.previous().stream().anyMatch(source.peer()::sameNode)).toList();
        if (view.beginsAfterRecovery()) {
            // each has a part of what is left
            return sealed.size() + 1 == view.previous().size() ? sealed : List.of();
        }
        boolean oneHasAll = isActiveBefore(view) || sealed.stream().anyMatch(source ->
                source.report().activated() >= view.number() - 1);
        return oneHasAll && isMajority(view, sealed.size()) ? sealed : List.of();
    }

    private boolean isAllThatIsLeft(View view) {
        return view.beginsAfterRecovery() && view.members().size() == 1 && view.has(placement.self());
    }

    /** Whether so many members before, and this node where it was one, are a majority of them. */
    private boolean isMajority(View view, int others) {
        boolean selfCounts = view.previous().stream().anyMatch(peer -> peer.id().equals(placement.self()));
        return others + (selfCounts ? 1 : 0) >= Quorum.majorityOf(view.previous().size());
    }

    private boolean isActiveBefore(View view) {
        return view.previous().stream().anyMatch(peer -> peer.id().equals(placement.self()))
                && placement.activated(view.slot()) >= view.number() - 1;
    }

    private boolean isCopied(View view, Source source, @Nullable Duration deadline) {
        try {
            if (store.digest(view.slot()).equals(source.report().digest())) {
                return true;
            }
            return pull.pull(source.peer(), view, deadline);
        } catch (PeerException | StorageException e) {
            log.debug("slot {} not from {}: {}", view.slot(), source.peer(), e.getMessage());
            return false;
        }
    }

    private boolean isMadeWhole(View view, Duration deadline) {
        try {
            return pull.makeWhole(view, deadline);
        } catch (PeerException | StorageException e) {
            log.debug("slot {} is not whole yet: {}", view.slot(), e.getMessage());
            return false;
        }
    }

    /**
     * What others say of these slots, by slot: those of the views before, and those of the views as well.
     *
     * @param needed who of those that have answered is needed for a view; empty for not enough yet
     */
    private Map<Integer, List<Source>> ask(List<View> views, boolean membersToo,
                                           BiFunction<View, List<Source>, List<Source>> needed) {
        Map<Peer, List<ViewNumber>> questions = new LinkedHashMap<>();
        for (View view : views) {
            Set<Peer> asked = new LinkedHashSet<>(view.previous());
            if (membersToo) {
                view.members().stream().filter(member -> asked.stream().noneMatch(member::sameNode))
                        .forEach(asked::add);
            }
            asked.stream().filter(peer -> !peer.id().equals(placement.self())).forEach(peer -> questions
                    .computeIfAbsent(peer, key -> new ArrayList<>())
                    .add(new ViewNumber(view.slot(), view.number())));
        }
        List<PeerCall<List<Source>>> calls = new ArrayList<>();
        questions.forEach((peer, slots) -> calls.add(() -> sources(peer, slots)));
        return bySlot(runtime.gather(calls, outcomes -> {
            Map<Integer, List<Source>> sources = bySlot(outcomes);
            return views.stream().noneMatch(view ->
                    needed.apply(view, sources.getOrDefault(view.slot(), List.of())).isEmpty());
        }));
    }

    private static Map<Integer, List<Source>> bySlot(List<Outcome<List<Source>>> outcomes) {
        Map<Integer, List<Source>> sources = new LinkedHashMap<>();
        Outcome.answers(outcomes).forEach(answer -> answer.forEach(source -> sources
                .computeIfAbsent(source.report().slot(), key -> new ArrayList<>()).add(source)));
        return sources;
    }

    private List<Source> sources(Peer peer, List<ViewNumber> slots) throws PeerException {
        Peer there = placement.newest(peer);
        Digests answer = runtime.call(there, new GetDigests(slots));
        if (!answer.reports().stream().map(DigestReport::slot).toList()
                .equals(slots.stream().map(ViewNumber::slot).toList())) {
            throw new PeerException(PeerException.Reason.FAILED, "digests of other slots than were asked for");
        }
        return answer.reports().stream().map(report -> new Source(there, report)).toList();
    }

    @Override
    public boolean isWhole(View view) {
        return store.incomplete(view.slot(), view.rankOf(placement.self()), 1).isEmpty();
    }

    @Override
    public Optional<String> problem() {
        return store.problem();
    }

    @Override
    public boolean isEmpty(int slot) {
        return store.isEmpty(slot);
    }

    @Override
    public void setAside(List<Integer> slots, IntPredicate unwanted) throws PeerException {
        DiskAnswer.await(runtime, store.setAside(slots, unwanted), DROPPED_WITHIN);
    }

    @Override
    public void drop(List<Integer> slots, IntPredicate unwanted) {
        try {
            DiskAnswer.await(runtime, store.drop(slots, unwanted), DROPPED_WITHIN);
        } catch (PeerException e) {
            log.warn("{} slots that others hold stay until the next try: {}", slots.size(), e.getMessage());
        }
    }
}
