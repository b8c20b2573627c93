package io.chordshare.placement;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.chordshare.id.Slots;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What nodes say to each other about slots. Slots that change in the same way travel in one message. */
public sealed interface PlacementRequest<A> extends Request<A> {

    /**
     * As many slots as one message may be about. An answer may name two views of each, and a node reads no JSON of more
     * than 50,000 tokens.
     */
    int MAX_SLOTS = 130;
    /** Characters of views in one message: half of what a node reads in a request. */
    int MAX_VIEW_CHARS = 128 * 1024;

    /** Cut into messages: how large a view is depends on the addresses of its nodes. */
    static <T> List<List<T>> parts(List<T> all, Function<T, View> viewOf) {
        List<List<T>> parts = new ArrayList<>();
        int chars = 0;
        View before = null;
        for (T one : all) {
            View view = viewOf.apply(one);
            boolean same = before != null && ViewGroup.isSame(before, view);
            chars += same ? ViewGroup.SLOT_CHARS : view.chars();
            if (parts.isEmpty() || chars > MAX_VIEW_CHARS || parts.getLast().size() == MAX_SLOTS) {
                parts.add(new ArrayList<>());
                chars = view.chars();
            }
            parts.getLast().add(one);
            before = view;
        }
        return parts;
    }

    /**
     * Views of the same nodes, as they travel: thousands of slots change in the same way.
     *
     * @param slots   the slots
     * @param numbers the numbers of their views, in the same order
     */
    record ViewGroup(String ring, List<Peer> members, List<Peer> previous, List<Integer> slots, List<Long> numbers) {

        /** A slot and a number in JSON. */
        static final int SLOT_CHARS = 24;

        public ViewGroup {
            slots = bounded(slots);
            numbers = bounded(numbers);
            if (slots.size() != numbers.size()) {
                throw new IllegalArgumentException("each slot has one number");
            }
        }

        static boolean isSame(View one, View other) {
            return one.ring().equals(other.ring()) && one.members().equals(other.members())
                    && one.previous().equals(other.previous());
        }

        /** Keeps the order. */
        static List<ViewGroup> of(List<View> views) {
            List<ViewGroup> groups = new ArrayList<>();
            for (int from = 0; from < views.size();) {
                View first = views.get(from);
                int to = from;
                while (to < views.size() && isSame(first, views.get(to))) {
                    to++;
                }
                List<View> same = views.subList(from, to);
                groups.add(new ViewGroup(first.ring(), first.members(), first.previous(),
                        same.stream().map(View::slot).toList(), same.stream().map(View::number).toList()));
                from = to;
            }
            return groups;
        }

        static List<View> views(List<ViewGroup> groups) {
            return groups.stream().flatMap(group -> IntStream.range(0, group.slots.size()).mapToObj(i -> new View(
                    group.ring, group.slots.get(i), group.numbers.get(i), group.members, group.previous))).toList();
        }

        /** @throws IllegalArgumentException unless these are views, and not too many */
        static List<ViewGroup> checked(List<ViewGroup> groups) {
            List<ViewGroup> copy = bounded(groups);
            bounded(views(copy));
            return copy;
        }
    }

    private static <T> List<T> bounded(List<T> list) {
        if (list.size() > MAX_SLOTS) {
            throw new IllegalArgumentException("at most " + MAX_SLOTS + " slots in one message");
        }
        return List.copyOf(list);
    }

    /**
     * What do you know of these slots? Answered in their order.
     *
     * @param known the numbers of the views that the sender knows: those are not told again; null when it asks for all
     */
    record GetSlots(List<Integer> slots, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Long> known)
            implements PlacementRequest<SlotReports> {

        GetSlots(List<Integer> slots) {
            this(slots, null);
        }

        public GetSlots {
            slots = bounded(slots);
            known = known == null ? null : bounded(known);
            if (known != null && known.size() != slots.size()) {
                throw new IllegalArgumentException("each slot has one number");
            }
            slots.forEach(slot -> {
                if (slot < 0 || slot >= Slots.MAX_COUNT) {
                    throw new IllegalArgumentException("there is no slot " + slot);
                }
            });
        }
    }

    /** One report for each slot that was asked for. */
    record SlotReports(List<SlotReport> reports) {

        public SlotReports {
            reports = bounded(reports);
        }
    }

    /**
     * What a node knows of a slot.
     *
     * @param number    the number of the newest view; 0 when it knows none
     * @param view      that view; null when it knows none, or the one who asks knows it
     * @param activated the last view in which this node has answered; 0 for none
     * @param whole     whether it has all bytes that it holds in that view
     * @param next      the view that it has accepted to follow; null while it is not sealed
     */
    record SlotReport(int slot, long number, @Nullable View view, long activated, boolean whole, @Nullable View next) {}

    /**
     * Phase 1 of Paxos: answer no lower ballot for the views that follow these.
     *
     * @param groups the present views, as the proposer knows them
     */
    record PrepareViews(List<ViewGroup> groups, Ballot ballot) implements PlacementRequest<ViewVotes> {

        public PrepareViews {
            groups = ViewGroup.checked(groups);
            Objects.requireNonNull(ballot, "ballot");
        }

        static PrepareViews of(List<View> views, Ballot ballot) {
            return new PrepareViews(ViewGroup.of(views), ballot);
        }

        List<View> views() {
            return ViewGroup.views(groups);
        }
    }

    /** Phase 2 of Paxos: accept these as the next views, unless a higher ballot was answered. */
    record AcceptViews(List<ViewGroup> groups, Ballot ballot) implements PlacementRequest<ViewVotes> {

        public AcceptViews {
            groups = ViewGroup.checked(groups);
            Objects.requireNonNull(ballot, "ballot");
        }

        public static AcceptViews of(List<View> views, Ballot ballot) {
            return new AcceptViews(ViewGroup.of(views), ballot);
        }

        List<View> views() {
            return ViewGroup.views(groups);
        }
    }

    /** One vote for each slot. */
    record ViewVotes(List<ViewVote> votes) {

        public ViewVotes {
            votes = bounded(votes);
        }
    }

    /**
     * The answer to a phase, for one slot.
     *
     * @param yes        whether the ballot was promised, or the view accepted
     * @param known      the newest decided view, when it is another one than was named; null otherwise
     * @param promised   the highest ballot that was answered
     * @param acceptedAt the ballot at which a view was accepted before; null for none
     * @param accepted   that view; null for none
     */
    record ViewVote(boolean yes, @Nullable View known, Ballot promised, @Nullable Ballot acceptedAt,
                    @Nullable View accepted) {

        public ViewVote {
            Objects.requireNonNull(promised, "promised");
        }
    }

    /** These views are decided. */
    record DecidedViews(List<ViewGroup> groups) implements PlacementRequest<Noted> {

        public DecidedViews {
            groups = ViewGroup.checked(groups);
        }

        static DecidedViews of(List<View> views) {
            return new DecidedViews(ViewGroup.of(views));
        }

        List<View> views() {
            return ViewGroup.views(groups);
        }
    }

    /**
     * It is noted.
     *
     * @param problem why this node takes no copies now; null when it does
     */
    record Noted(@Nullable String problem) {}

    /** Copy what is in these slots: you may become a member. Answered with those of which nothing is missing. */
    record LearnSlots(List<ViewGroup> groups) implements PlacementRequest<LearnedSlots> {

        public LearnSlots {
            groups = ViewGroup.checked(groups);
        }

        static LearnSlots of(List<View> next) {
            return new LearnSlots(ViewGroup.of(next));
        }

        List<View> next() {
            return ViewGroup.views(groups);
        }
    }

    /** Slots of which the new member has everything, or for which it agrees. */
    record LearnedSlots(List<Integer> slots) {

        public LearnedSlots {
            slots = bounded(slots);
        }
    }

    /**
     * A majority of the members is gone for good: these views of those that are left take the place of the present
     * ones. Answered with the slots for which the receiver agrees: it asks the members that it knows, and does not
     * where a majority answers. Said again when all that are left have agreed.
     *
     * @param decided whether all have agreed: then the receiver takes the views up, durably, where it has agreed before
     */
    record RecoverViews(List<ViewGroup> groups, boolean decided) implements PlacementRequest<LearnedSlots> {

        public RecoverViews {
            groups = ViewGroup.checked(groups);
        }

        static RecoverViews of(List<View> views, boolean decided) {
            return new RecoverViews(ViewGroup.of(views), decided);
        }

        List<View> views() {
            return ViewGroup.views(groups);
        }
    }

    /**
     * The sender leaves: give its slots views without it. Said again until it has gone. Answered when the receiver has
     * ended every change that began before, and may have made the sender a member.
     */
    record LeavingNode(Peer node) implements PlacementRequest<Noted> {

        public LeavingNode {
            Objects.requireNonNull(node, "node");
        }
    }
}
