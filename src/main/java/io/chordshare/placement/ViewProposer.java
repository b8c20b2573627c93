package io.chordshare.placement;

import io.chordshare.placement.PlacementRequest.AcceptViews;
import io.chordshare.placement.PlacementRequest.DecidedViews;
import io.chordshare.placement.PlacementRequest.PrepareViews;
import io.chordshare.placement.PlacementRequest.ViewVote;
import io.chordshare.placement.PlacementRequest.ViewVotes;
import io.chordshare.placement.ViewChanges.ViewChange;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Quorum;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gets next views decided: the proposer and learner of "Paxos made simple", for many slots in one message. Any node may
 * propose; ballots settle who wins.
 */
final class ViewProposer {

    private final NodeRuntime runtime;
    private final SlotTable table;
    private final Neighbourhood neighbourhood;
    private final Activation activation;
    private final AtomicLong highestRound = new AtomicLong();

    ViewProposer(NodeRuntime runtime, SlotTable table, Neighbourhood neighbourhood, Activation activation) {
        this.runtime = runtime;
        this.table = table;
        this.neighbourhood = neighbourhood;
        this.activation = activation;
    }

    /**
     * Tries once to get these decided. Where a member has accepted another view before, that one is decided instead.
     *
     * @param changes changes of the same present members, at most {@link PlacementRequest#MAX_SLOTS}
     * @return the views that are decided now; fewer than the changes when too few members answer, or others propose
     */
    List<View> propose(List<ViewChange> changes) {
        List<Peer> voters = changes.getFirst().present().members();
        // a node that has started again does not know its earlier rounds: no ballot is used twice
        Ballot ballot = new Ballot(highestRound.incrementAndGet(), table.self() + ":"
                + Long.toHexString(runtime.random().nextLong()));
        List<List<ViewVote>> promises = ask(voters, PrepareViews.of(changes.stream().map(ViewChange::present)
                .toList(), ballot), changes.size());
        List<View> chosen = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            List<ViewVote> votes = votesFor(i, promises);
            if (isMajority(votes, voters)) {
                chosen.add(choose(changes.get(i), votes));
            }
        }
        if (chosen.isEmpty()) {
            return List.of();
        }
        List<List<ViewVote>> accepts = ask(voters, AcceptViews.of(chosen, ballot), chosen.size());
        List<View> decided = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            if (isMajority(votesFor(i, accepts), voters)) {
                decided.add(chosen.get(i));
            }
        }
        announce(decided);
        return decided;
    }

    /** What was accepted at the highest ballot may be decided already. Only where nothing was, the proposer chooses. */
    private static View choose(ViewChange change, List<ViewVote> votes) {
        View choice = change.next();
        Ballot at = Ballot.NONE;
        for (ViewVote vote : votes) {
            if (vote.yes() && vote.accepted() != null && vote.acceptedAt() != null
                    && follows(vote.accepted(), change.present()) && vote.acceptedAt().compareTo(at) > 0) {
                choice = vote.accepted();
                at = vote.acceptedAt();
            }
        }
        return choice;
    }

    private static boolean follows(View next, View present) {
        return next.slot() == present.slot() && next.number() == present.number() + 1
                && present.hasMembers(next.previous());
    }

    private List<List<ViewVote>> ask(List<Peer> voters, PlacementRequest<ViewVotes> request, int slots) {
        List<PeerCall<ViewVotes>> calls = new ArrayList<>();
        voters.forEach(voter -> calls.add(() -> runtime.call(neighbourhood.newest(voter), request)));
        int majority = Quorum.majorityOf(voters.size());
        List<List<ViewVote>> answers = answers(runtime.gather(calls, outcomes -> answers(outcomes, slots).stream()
                .filter(votes -> votes.stream().allMatch(ViewVote::yes)).count() >= majority), slots);
        List<View> known = new ArrayList<>();
        for (List<ViewVote> votes : answers) {
            for (ViewVote vote : votes) {
                highestRound.accumulateAndGet(Math.min(vote.promised().round(), View.MAX_NUMBER - 1), Math::max);
                if (vote.known() != null) {
                    known.add(vote.known());
                }
            }
        }
        table.learn(known);
        return answers;
    }

    private static List<List<ViewVote>> answers(List<Outcome<ViewVotes>> outcomes, int slots) {
        return Outcome.answers(outcomes).stream().map(ViewVotes::votes).filter(votes -> votes.size() == slots).toList();
    }

    private static List<ViewVote> votesFor(int index, List<List<ViewVote>> answers) {
        return answers.stream().map(votes -> votes.get(index)).toList();
    }

    private static boolean isMajority(List<ViewVote> votes, List<Peer> voters) {
        return votes.stream().filter(ViewVote::yes).count() >= Quorum.majorityOf(voters.size());
    }

    /**
     * Everybody concerned hears of it. Returns when a majority of the members has tried to catch up, so that who
     * changes many slots does not decide them faster than they come to be served. Who does not hear of it is told by
     * the next request that names the view.
     */
    private void announce(List<View> decided) {
        if (decided.isEmpty()) {
            return;
        }
        table.learn(decided);
        Map<Peer, List<View>> concerned = new LinkedHashMap<>();
        for (View view : decided) {
            view.members().forEach(peer -> concerned.computeIfAbsent(peer, key -> new ArrayList<>()).add(view));
            view.previous().stream().filter(peer -> !view.has(peer.id()))
                    .forEach(peer -> concerned.computeIfAbsent(peer, key -> new ArrayList<>()).add(view));
        }
        View first = decided.getFirst();
        List<PeerCall<Boolean>> calls = new ArrayList<>();
        concerned.forEach((peer, views) -> calls.add(() -> {
            tell(peer, views);
            return first.has(peer.id());
        }));
        runtime.gather(calls, outcomes -> Outcome.answers(outcomes).stream().filter(isMember -> isMember).count()
                >= first.majority());
    }

    private void tell(Peer peer, List<View> decided) throws PeerException {
        if (peer.id().equals(table.self())) {
            activation.activate(decided);
        } else {
            runtime.call(neighbourhood.newest(peer), DecidedViews.of(decided));
        }
    }
}
