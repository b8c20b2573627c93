package io.chordshare.placement;

import io.chordshare.placement.PlacementRequest.AcceptViews;
import io.chordshare.placement.PlacementRequest.PrepareViews;
import io.chordshare.placement.PlacementRequest.ViewVote;
import io.chordshare.placement.PlacementRequest.ViewVotes;
import io.chordshare.runtime.PeerException;
import java.util.List;
import java.util.Optional;

/**
 * This node as one that votes on the next view of its slots: the acceptor of "Paxos made simple", one instance for each
 * slot and number. A member that has accepted a next view is sealed: it answers no more requests in the present one. A
 * promise alone seals nothing, since no view is decided before a majority has accepted it.
 *
 * <p>Only members that have activated the present view vote. So a majority of any view that is followed by another has
 * everything that was acknowledged before it.
 */
final class ViewAcceptor {

    /** Nobody has tried so often without this member: a ballot further ahead would leave the others none. */
    private static final long MOST_ROUNDS_MISSED = 1_000_000;

    private final SlotTable table;

    ViewAcceptor(SlotTable table) {
        this.table = table;
    }

    /** Phase 1. Answers when the promises are durable. */
    ViewVotes prepare(PrepareViews request) throws PeerException {
        table.change(request.views(), (state, present) -> maySucceed(state, present.number(), request.ballot())
                ? state.promising(request.ballot()) : state);
        return votes(request.views().stream().map(present -> vote(present.slot(), present.number(),
                request.ballot(), false)).toList());
    }

    /** Phase 2. Answers when what was accepted is durable. */
    ViewVotes accept(AcceptViews request) throws PeerException {
        table.change(request.views(), (state, next) -> mayAccept(state, next, request.ballot())
                ? state.accepting(request.ballot(), next) : state);
        return votes(request.views().stream().map(next -> vote(next.slot(), next.number() - 1, request.ballot(),
                true)).toList());
    }

    private boolean maySucceed(SlotState state, long number, Ballot ballot) {
        return state.view().number() == number && isActive(state) && ballot.compareTo(state.promised()) > 0
                && isPlausible(state, ballot);
    }

    private boolean mayAccept(SlotState state, View next, Ballot ballot) {
        return state.view().number() == next.number() - 1 && isActive(state)
                && state.view().hasMembers(next.previous()) && ballot.compareTo(state.promised()) >= 0
                && isPlausible(state, ballot);
    }

    private static boolean isPlausible(SlotState state, Ballot ballot) {
        return ballot.round() - state.promised().round() <= MOST_ROUNDS_MISSED;
    }

    private boolean isActive(SlotState state) {
        return state.view().has(table.self()) && table.activated(state.slot()) == state.view().number();
    }

    private ViewVote vote(int slot, long number, Ballot ballot, boolean accepting) {
        Optional<SlotState> known = table.state(slot);
        if (known.isEmpty()) {
            return new ViewVote(false, table.newest(slot).orElse(null), Ballot.NONE, null, null);
        }
        SlotState state = known.get();
        boolean yes = state.view().number() == number && isActive(state)
                && state.promised().equals(ballot) && (!accepting || ballot.equals(state.acceptedAt()));
        // what the proposer knows is not told again
        View other = state.view().number() == number ? null : state.view();
        return accepting && yes ? new ViewVote(true, other, state.promised(), null, null)
                : new ViewVote(yes, other, state.promised(), state.acceptedAt(), state.accepted());
    }

    private ViewVotes votes(List<ViewVote> votes) throws PeerException {
        table.awaitSaved();
        return new ViewVotes(votes);
    }
}
