package io.chordshare.placement;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a node keeps on disk of one slot that it is, was or becomes a member of.
 *
 * @param view       the newest view that this node knows to be decided
 * @param activated  the number of the last view in which this node has answered requests; 0 for none
 * @param promised   the highest ballot for the next view that this node has answered; {@link Ballot#NONE} before any
 * @param acceptedAt the ballot at which this node has accepted a next view; null for none
 * @param accepted   the next view that it has accepted then: from that moment it is sealed
 */
public record SlotState(View view, long activated, Ballot promised, @Nullable Ballot acceptedAt,
                        @Nullable View accepted) {

    public SlotState {
        Objects.requireNonNull(view, "view");
        Objects.requireNonNull(promised, "promised");
        if ((accepted == null) != (acceptedAt == null)) {
            throw new IllegalArgumentException("a view is accepted at a ballot");
        }
    }

    static SlotState of(View view) {
        return new SlotState(view, 0, Ballot.NONE, null, null);
    }

    /** A later view was decided: what was promised and accepted for it is settled. */
    SlotState following(View decided) {
        return new SlotState(decided, activated, Ballot.NONE, null, null);
    }

    SlotState promising(Ballot ballot) {
        return new SlotState(view, activated, ballot, acceptedAt, accepted);
    }

    SlotState accepting(Ballot ballot, View next) {
        return new SlotState(view, activated, ballot, ballot, next);
    }

    SlotState activatedAt(long number) {
        return new SlotState(view, number, promised, acceptedAt, accepted);
    }

    /** Whether it has accepted that another view follows, and so answers no more requests in this one. */
    boolean sealed() {
        return accepted != null;
    }

    int slot() {
        return view.slot();
    }
}
