package io.chordshare.ring.join;

import io.chordshare.id.ChordId;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.lookup.IdSelection;
import io.chordshare.ring.lookup.Lookup;
import io.chordshare.ring.lookup.LookupResult;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.ExclusiveQuery;
import io.chordshare.ring.protocol.ExclusiveQuery.Ending;
import io.chordshare.ring.protocol.JoinFailedException;
import io.chordshare.ring.protocol.JoinFailedException.Reason;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingRequest.JoinAnswer;
import io.chordshare.ring.protocol.RingRequest.JoinVerdict;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The joiner's side of the join step (Zave, TSE 2017, section 4.1): finds the member before its place, asks it, and
 * takes its list. Until that member answers, this node is not a member and says so.
 */
public final class JoinStep {

    private static final Logger log = LoggerFactory.getLogger(JoinStep.class);

    /** Other joiners at the same place come first. Each takes about one stabilize period. */
    private static final int MAX_TRIES = 40;
    /** One lost message must not fail the join. */
    private static final int CALLS_BACK = 3;
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final StateCell cell;
    private final ExclusiveQuery exclusiveQuery;
    private final Lookup lookup;
    private final FailureDetector detector;
    private final RingIds ringIds;
    private final NodeRuntime runtime;
    private final IdSelection ids;

    public JoinStep(StateCell cell, ExclusiveQuery exclusiveQuery, Lookup lookup, FailureDetector detector,
            RingIds ringIds, NodeRuntime runtime) {
        this.cell = cell;
        this.exclusiveQuery = exclusiveQuery;
        this.lookup = lookup;
        this.detector = detector;
        this.ringIds = ringIds;
        this.runtime = runtime;
        this.ids = new IdSelection(lookup, runtime.random());
    }

    /**
     * Joins the ring of {@code entry}.
     *
     * @param self this node; its id is null until it has one
     */
    void join(Peer entry, Collection<String> theirIds, Newcomer self) throws JoinFailedException {
        String lastProblem = "no answer";
        int unreachable = 0;
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            if (tries > 0) {
                runtime.sleep(PAUSE.plusMillis(runtime.random().nextLong(PAUSE.toMillis())));
            }
            try {
                for (ChordId wish : self.id() == null ? ids.choose(entry) : List.of(self.id())) {
                    Peer joiner = self.at(wish);
                    // the member calls back, and must reach this identity
                    cell.update(state -> state.withSelf(joiner));
                    LookupResult place = lookup.through(entry, wish);
                    JoinVerdict verdict = ask(place.predecessor(), theirIds, joiner);
                    if (verdict == JoinVerdict.ADMITTED) {
                        log.info("joined as {} between {} and {}", joiner, place.predecessor(), cell.get().successor());
                        return;
                    }
                    if (verdict == JoinVerdict.TAKEN && self.id() != null) {
                        throw new JoinFailedException(Reason.ID_TAKEN, "a live node of the ring has this node's id "
                                + self.id() + ": was its data directory copied? Start with an empty one");
                    }
                    if (verdict == JoinVerdict.UNREACHABLE && ++unreachable == CALLS_BACK) {
                        throw new JoinFailedException(Reason.UNREACHABLE, place.predecessor().address() + " cannot call"
                                + " this node at " + self.address() + ", the address that this node gives. Set"
                                + " chordshare.node.advertised-address to http://host:port as the others reach it");
                    }
                    lastProblem = place.predecessor() + " answered " + verdict;
                }
            } catch (LookupFailedException e) {
                lastProblem = e.getMessage();
                if (joinBeginner(entry, theirIds, self)) {
                    return;
                }
            }
        }
        throw new JoinFailedException(Reason.NO_ROOM_NOW, "the ring of " + entry.address()
                + " did not let this node in: " + lastProblem + ". Try again in a moment");
    }

    private JoinVerdict ask(Peer member, Collection<String> theirIds, Peer joiner) {
        AtomicReference<JoinVerdict> verdict = new AtomicReference<>(JoinVerdict.BUSY);
        Ending ending = exclusiveQuery.join(member, joiner, answer -> {
            // the member may have left meanwhile, and then it is in a ring of its own instead of the requested one
            boolean elsewhere = answer.verdict() == JoinVerdict.ADMITTED
                    && Collections.disjoint(theirIds, answer.ringIds());
            verdict.set(elsewhere ? JoinVerdict.ELSEWHERE : answer.verdict());
            if (verdict.get() == JoinVerdict.ADMITTED) {
                // a merge that the member has not heard of yet is not forgotten
                if (!ringIds.recognize(answer.ringIds())) {
                    ringIds.enter(answer.ringIds());
                }
                cell.update(before -> joined(before, joiner, member, answer));
            }
        });
        return ending == Ending.ANSWERED ? verdict.get() : JoinVerdict.BUSY;
    }

    private RingState joined(RingState before, Peer joiner, Peer member, JoinAnswer answer) {
        return new RingState(joiner, ringIds.name(), RingStatus.MEMBER, member, member.id(), answer.successors(),
                before.fingers());
    }

    /**
     * When a ring that was switched off is founded again, the founder has no neighbour yet and answers no lookup. A
     * node of the same ring asks it directly. A new node waits.
     */
    private boolean joinBeginner(Peer entry, Collection<String> theirIds, Newcomer self) throws JoinFailedException {
        RingStatus status;
        try {
            status = detector.ask(entry, new RingRequest.Ping()).status();
        } catch (PeerException e) {
            log.debug("{} does not answer: {}", entry, e.getMessage());
            status = RingStatus.JOINING;
        }
        if (!status.isMember()) {
            throw new JoinFailedException(Reason.NOT_A_MEMBER, entry.address()
                    + " is not a member of a ring itself yet; try again in a moment, or name another node");
        }
        return status == RingStatus.ISOLATED && self.id() != null
                && ask(entry, theirIds, self.at(self.id())) == JoinVerdict.ADMITTED;
    }

    /** A node that is about to join. Its id may still be open. */
    record Newcomer(@Nullable ChordId id, String address, long incarnation) {

        Peer at(ChordId place) {
            return new Peer(place, address, incarnation);
        }
    }
}
