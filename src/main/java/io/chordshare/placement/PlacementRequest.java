package io.chordshare.placement;

import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What nodes say to each other about slots. Slots that change in the same way travel in one message. */
public sealed interface PlacementRequest<A> extends Request<A> {

    /** As many slots as one message may be about: 200 views of five members are some 200 KB. */
    int MAX_SLOTS = 200;

    /** Characters of views in one message: half of what a node reads in a request. */
    int MAX_VIEW_CHARS = 128 * 1024;

    /** Cut into messages: how large a view is depends on the addresses of its nodes. */
    static <T> List<List<T>> parts(List<T> all, Function<T, View> viewOf) {
        List<List<T>> parts = new ArrayList<>();
        int chars = MAX_VIEW_CHARS;
        for (T one : all) {
            int more = viewOf.apply(one).chars();
            chars += more;
            if (chars > MAX_VIEW_CHARS || parts.getLast().size() == MAX_SLOTS) {
                parts.add(new ArrayList<>());
                chars = more;
            }
            parts.getLast().add(one);
        }
        return parts;
    }

    private static <T> List<T> bounded(List<T> list) {
        if (list.size() > MAX_SLOTS) {
            throw new IllegalArgumentException("at most " + MAX_SLOTS + " slots in one message");
        }
        return List.copyOf(list);
    }

    /** What do you know of these slots? Answered in their order. */
    record GetSlots(List<Integer> slots) implements PlacementRequest<SlotReports> {

        public GetSlots {
            slots = bounded(slots);
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
     * @param view      the newest view; null when it knows none
     * @param activated the last view in which this node has answered; 0 for none
     * @param whole     whether it has all bytes that it holds in that view
     * @param next      the view that it has accepted to follow; null while it is not sealed
     */
    record SlotReport(int slot, @Nullable View view, long activated, boolean whole, @Nullable View next) {

        /** Whether a node is a member, or may become one. */
        boolean mayNeed(ChordId node) {
            return view != null && view.has(node) || next != null && next.has(node);
        }
    }

    /**
     * Phase 1 of Paxos: answer no lower ballot for the views that follow these.
     *
     * @param views the present views, as the proposer knows them
     */
    record PrepareViews(List<View> views, Ballot ballot) implements PlacementRequest<ViewVotes> {

        public PrepareViews {
            views = bounded(views);
            Objects.requireNonNull(ballot, "ballot");
        }
    }

    /** Phase 2 of Paxos: accept these as the next views, unless a higher ballot was answered. */
    record AcceptViews(List<View> views, Ballot ballot) implements PlacementRequest<ViewVotes> {

        public AcceptViews {
            views = bounded(views);
            Objects.requireNonNull(ballot, "ballot");
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
     * @param known      the newest decided view; null when the node was never a member
     * @param promised   the highest ballot that was answered
     * @param acceptedAt the ballot at which a view was accepted before; null for none
     * @param accepted   that view; null for none
     */
    record ViewVote(boolean yes, @Nullable View known, Ballot promised, @Nullable Ballot acceptedAt,
                    @Nullable View accepted) {}

    /** These views are decided. */
    record DecidedViews(List<View> views) implements PlacementRequest<Noted> {

        public DecidedViews {
            views = bounded(views);
        }
    }

    /**
     * It is noted.
     *
     * @param problem why this node takes no copies now; null when it does
     */
    record Noted(@Nullable String problem) {}

    /** Copy what is in these slots: you may become a member. Answered with those of which nothing is missing. */
    record LearnSlots(List<View> next) implements PlacementRequest<LearnedSlots> {

        public LearnSlots {
            next = bounded(next);
        }
    }

    /** Slots of which the new member has everything. */
    record LearnedSlots(List<Integer> slots) {

        public LearnedSlots {
            slots = bounded(slots);
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
