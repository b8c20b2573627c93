package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.RingTestAccess;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import io.chordshare.simulation.SmallRingCase.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToIntFunction;

/**
 * The global states of a ring of up to four nodes, and the steps between them. A step of the protocol is one question
 * with its answer, or the arrival of a message. The production code takes each step ({@link ProductionStep}).
 *
 * <p>Notifications are not stored: at any time, any node may be notified that any live member is its predecessor. So
 * notifications may be late, lost, doubled or reordered. This adds states that cannot really occur, and misses none.
 */
final class SmallRing {

    static final String RING_ID = GoldenRing.id(0).toString();
    private static final int ID_DISTANCE = 50;
    private static final int FIRST_ID = 20;
    /** Rotating the whole ring changes only names, so the founder is always the same. */
    private static final int FOUNDER = 0;

    interface Moves {
        void move(byte move, long next);
    }

    final SmallRingCase ring;
    final SmallRingOracle oracle;
    private final Seats[] seats;
    private long executed;

    SmallRing(SmallRingCase ring) {
        this.ring = ring;
        oracle = new SmallRingOracle(this);
        seats = new Seats[ring.nodes()];
        for (int node = 0; node < seats.length; node++) {
            seats[node] = new Seats(this::position, RING_ID);
        }
    }

    int nodes() {
        return seats.length;
    }

    Peer peer(int position, long incarnation) {
        return new Peer(GoldenRing.id(FIRST_ID + ID_DISTANCE * position), "http://n" + position + ":8080", incarnation);
    }

    int position(ChordId id) {
        return (GoldenRing.number(id) - FIRST_ID) / ID_DISTANCE;
    }

    Seats seats(int position) {
        return seats[position];
    }

    Seats.Entry entry(long state, int position) {
        return seats[position].get(Seats.at(state, position));
    }

    /** Number of runs of production code: once for each step and the seats that it depends on. */
    long executed() {
        return executed;
    }

    /** A ring of one, with all other nodes outside. */
    long start() {
        long state = 0;
        for (int node = 0; node < nodes(); node++) {
            Peer self = peer(node, 1);
            RingState at = node == FOUNDER ? RingTestAccess.ideal(List.of(self), 0, ring.r(), RING_ID)
                    : RingTestAccess.joining(self);
            state = Seats.with(state, node, seats[node].of(Seat.idle(RingTestAccess.pointers(at), List.of())));
        }
        return state;
    }

    // -- possible steps
    // -------------------------------------------------------------------------------------------------

    /** Every possible next step that changes something. */
    void moves(long state, Moves out) {
        for (int node = 0; node < nodes(); node++) {
            Seats.Entry entry = entry(state, node);
            switch (entry.seat.doing()) {
                case Seat.Waiting waiting -> {
                    out.move(Step.move(node, Step.GET_ANSWER.code(0)), Seats.with(state, node, waiting.then()));
                    if (entry(state, waiting.asked()).isDown()) {
                        run(state, node, Step.LOSE_ANSWER, 0, out);
                    }
                }
                case Seat.Next next -> {
                    run(state, node, Step.ASK, 0, out);
                    run(state, node, Step.GIVE_WAY, 0, out);
                    for (int other = 0; other < nodes(); other++) {
                        if (other != node) {
                            learnDeath(state, node, entry, other, out);
                        }
                    }
                }
                case Seat.Departing departing ->
                        out.move(Step.move(node, Step.BE_GONE.code(0)), Seats.with(state, node, departing.then()));
                case Seat.Gone gone -> {
                    // the rest of its life is outside this ring
                }
                case Seat.Nothing nothing -> begin(state, node, entry, out);
            }
            if (ring.allows(Fault.CRASH) && (entry.isMember || entry.isAnswered()) && mayGo(state, node)) {
                out.move(Step.move(node, Step.CRASH.code(0)),
                        Seats.with(state, node, seats[node].of(Seat.down(entry.seat.incarnation()))));
            }
        }
    }

    private void begin(long state, int node, Seats.Entry entry, Moves out) {
        if (entry.isDown()) {
            if (ring.allows(Fault.RESTART) && entry.seat.incarnation() == 1) {
                RingState joining = RingTestAccess.joining(peer(node, 2));
                out.move(Step.move(node, Step.RESTART.code(0)),
                        Seats.with(state, node, seats[node].of(Seat.idle(joining, List.of()))));
            }
            return;
        }
        if (entry.isMember) {
            run(state, node, Step.ASK, 0, out);
            if (ring.allows(Fault.LEAVE) && mayGo(state, node)) {
                run(state, node, Step.DEPART, 0, out);
            }
        }
        for (int other = 0; other < nodes(); other++) {
            if (other != node) {
                Seats.Entry there = entry(state, other);
                if (entry.isMember) {
                    hear(state, node, entry, other, there, out);
                } else if (there.isMember) {
                    run(state, node, Step.JOIN, other, out);
                }
            }
        }
    }

    /** Messages that reach a member that is free to handle them. */
    private void hear(long state, int node, Seats.Entry entry, int other, Seats.Entry there, Moves out) {
        if (there.isMember) {
            run(state, node, Step.RECTIFY, other, out);
            if (there.seat.incarnation() > 1) {
                run(state, node, Step.RECTIFY_OLD, other, out);
                if (pointsTo(entry, other, there.seat.incarnation() - 1)) {
                    run(state, node, Step.LEARN_RETURN, other, out);
                }
            }
        }
        learnDeath(state, node, entry, other, out);
        if (there.leaveNotice() != null) {
            run(state, node, Step.HEAR_LEAVE_NOTICE, other, out);
        }
    }

    /** The verdict of the failure detector waits for no step. */
    private void learnDeath(long state, int node, Seats.Entry entry, int other, Moves out) {
        if (knowsDead(entry, other, entry(state, other))) {
            run(state, node, Step.LEARN_DEATH, other, out);
            run(state, node, Step.LEARN_DEATH_WHILE_ASKING, other, out);
        }
    }

    /** Whether a pointer names a process that has ended or left. */
    static boolean knowsDead(Seats.Entry entry, int other, Seats.Entry there) {
        return pointsTo(entry, other, lastDead(there));
    }

    private static boolean pointsTo(Seats.Entry entry, int other, long incarnation) {
        return incarnation > 0 && (entry.pointers(incarnation) >> other & 1) == 1;
    }

    /** The incarnation of the last process of that node that is gone for good; 0 when there is none. */
    static long lastDead(Seats.Entry there) {
        boolean gone = there.isDown() || there.seat.doing() instanceof Seat.Gone;
        return there.seat.incarnation() - (gone ? 0 : 1);
    }

    // -- allowed failures
    // -----------------------------------------------------------------------------------------------

    private int failures(long state) {
        int failures = 0;
        for (int node = 0; node < nodes(); node++) {
            if (hasFailed(entry(state, node))) {
                failures++;
            }
        }
        return failures;
    }

    private static boolean hasFailed(Seats.Entry entry) {
        return entry.isDown() || entry.seat.incarnation() > 1 || entry.leaveNotice() != null;
    }

    /** As in {@link AllowedFailures}: Zave's assumptions stay true, or all members know the whole ring. */
    private boolean mayGo(long state, int gone) {
        int stay = live(state) & ~(1 << gone);
        return !hasFailed(entry(state, gone)) && failures(state) < ring.failures()
                && everybodyKeepsOne(state, gone, stay)
                && (Integer.bitCount(stay) >= ring.r() + 1 ? principalsRemain(state, stay)
                : allKnowAll(state, gone, stay));
    }

    /** Every other member keeps a live node in its list, and in the list that it is about to adopt. */
    private boolean everybodyKeepsOne(long state, int gone, int stay) {
        for (int node = 0; node < nodes(); node++) {
            Seats.Entry entry = entry(state, node);
            boolean losesAll = entry.isMember && !entry.isRingOfOne && named(state, stay, entry::listed) == 0
                    || entry.isAnswered() && named(state, stay, entry::listedThen) == 0;
            if (node != gone && losesAll) {
                return false;
            }
        }
        return true;
    }

    /** Those of {@code positions} whose current process is named. */
    private int named(long state, int positions, LongToIntFunction byIncarnation) {
        int named = 0;
        for (int node = 0; node < nodes(); node++) {
            named |= byIncarnation.applyAsInt(entry(state, node).seat.incarnation()) & 1 << node;
        }
        return named & positions;
    }

    /** Counts the current lists and those under way, because either may be the final one. */
    private boolean principalsRemain(long state, int stay) {
        return Integer.bitCount(stay & oracle.principals(state)
                & oracle.principalsThen(state)) >= ring.r() + 1;
    }

    /**
     * Whether all members know the whole ring, for a ring too small for r + 1 principals. The survivor of a ring of two
     * has no successor left. The theorem does not cover that case.
     */
    private boolean allKnowAll(long state, int gone, int stay) {
        if (Integer.bitCount(stay) < 2) {
            return false;
        }
        for (int node = 0; node < nodes(); node++) {
            Seats.Entry entry = entry(state, node);
            int others = stay & ~(1 << node);
            if (node != gone && entry.isAnswered() || (stay >> node & 1) == 1
                    && named(state, others, entry::listed) != others) {
                return false;
            }
        }
        return true;
    }

    int live(long state) {
        int live = 0;
        for (int node = 0; node < nodes(); node++) {
            Seats.Entry entry = entry(state, node);
            if (entry.isMember && !entry.isLeaving) {
                live |= 1 << node;
            }
        }
        return live;
    }

    // -- steps of the production code
    // ------------------------------------------------------------------------------------

    private void run(long state, int node, Step step, int other, Moves out) {
        Branch outcome = outcome(state, node, step, other);
        long next = recognized(Seats.with(state, node, outcome.seat()), outcome.recognizing(), node);
        if (next != state) {
            out.move(Step.move(node, step.code(other)), next);
        }
    }

    private long recognized(long state, int by, int node) {
        if (by == Seat.NOBODY) {
            return state;
        }
        Seat seat = entry(state, by).seat;
        RingState knows = RingTestAccess.withNewer(seat.state(), peer(node, entry(state, node).seat.incarnation()));
        return Seats.with(state, by, seats[by].of(new Seat(knows, seat.incarnation(), seat.departed(), seat.doing())));
    }

    /** The outcome of the step in this state, from an earlier run, or from the production code. */
    Branch outcome(long state, int node, Step step, int other) {
        Branch first = entry(state, node).step(step.code(other));
        Branch branch = first;
        while (!branch.isUnknown() && !branch.isEnd()) {
            branch = branch.answered(entry(state, branch.asked()).face);
        }
        if (branch.isUnknown()) {
            executed++;
            branch = new ProductionStep(this, state, node).take(step, other, first);
        }
        return branch;
    }

    String shown(long state) {
        List<String> words = new ArrayList<>();
        for (int node = 0; node < nodes(); node++) {
            words.add(shown(node, entry(state, node)));
        }
        return String.join("  |  ", words);
    }

    private String shown(int node, Seats.Entry entry) {
        RingState state = entry.seat.state();
        if (state == null) {
            return node + " down";
        }
        String doing = switch (entry.seat.doing()) {
            case Seat.Nothing nothing -> "";
            case Seat.Next next -> " (next " + position(next.candidate().id()) + ")";
            case Seat.Waiting waiting -> " (answer of " + waiting.asked() + ": " + positions(entry.chainList()) + ")";
            case Seat.Departing departing -> " (leaving)";
            case Seat.Gone gone -> " (gone)";
        };
        if (!state.status().isMember()) {
            return node + " outside" + doing;
        }
        return node + " < " + (state.predecessor() == null ? "-" : positions(List.of(state.predecessor()))) + " > "
                + positions(state.successors()) + doing;
    }

    private String positions(List<Peer> peers) {
        List<String> words = new ArrayList<>();
        for (Peer peer : peers) {
            words.add(position(peer.id()) + "'".repeat((int) peer.incarnation() - 1));
        }
        return words.isEmpty() ? "-" : String.join(" ", words);
    }
}
