package io.chordshare.simulation;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Visits and checks every reachable global state of a small ring, in order of path length. So the path to the first
 * breach is a shortest one.
 */
final class SmallRingSearch {

    /** With paths and flags, each state takes about 20 bytes. */
    private static final int MAX_STATES = 24_000_000;

    private final SmallRing ring;
    private final SmallRingOracle oracle;
    private final Rounds rounds;
    private final LongTable states = new LongTable();
    private int[] cameFrom = new int[1 << 10];
    private byte[] by = new byte[1 << 10];
    private long moves;
    private int mostRounds;

    /**
     * Statistics of a search.
     *
     * @param moves      number of moves between states
     * @param pointers   number of different combinations of pointers
     * @param executed   number of steps that the production code ran
     * @param mostRounds largest number of rounds from any state until every pointer was right
     */
    record Visited(SmallRingCase ring, int states, long moves, int pointers, long executed, int mostRounds,
                   double seconds) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s: %,d states, %,d moves, %,d combinations of pointers, %,d steps run, "
                    + "ideal after %d rounds at most, %.1f s", ring, states, moves, pointers, executed, mostRounds,
                    seconds);
        }
    }

    private static final class Found extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Found(String what) {
            super(what);
        }
    }

    private SmallRingSearch(SmallRingCase what) {
        ring = new SmallRing(what);
        oracle = ring.oracle;
        rounds = new Rounds(ring, oracle);
    }

    /** @throws AssertionError with the shortest path to a breach */
    static Visited visitAll(SmallRingCase what) {
        SmallRingSearch search = new SmallRingSearch(what);
        try {
            return search.visitAll();
        } catch (Found e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** For mutants, as text, because types do not pass between class loaders: the first breach, or "". */
    static String breach(String what) {
        try {
            new SmallRingSearch(SmallRingCase.parse(what)).visitAll();
            return "";
        } catch (Found e) {
            return e.getMessage();
        }
    }

    private Visited visitAll() {
        long start = System.nanoTime();
        visit(-1, (byte) 0, ring.start());
        for (int number = 0; number < states.size(); number++) {
            int from = number;
            long state = states.key(number);
            ring.moves(state, (move, next) -> {
                moves++;
                visit(from, move, next);
            });
        }
        return new Visited(ring.ring, states.size(), moves, oracle.pointers(), ring.executed(), mostRounds,
                (System.nanoTime() - start) / 1e9);
    }

    private void visit(int from, byte move, long state) {
        int before = states.size();
        int number = states.add(state);
        if (from >= 0) {
            report(oracle.breach(states.key(from), Step.of(move), Step.node(move), state), from, move, state);
        }
        if (number < before) {
            return;
        }
        if (number == MAX_STATES) {
            throw new IllegalStateException(ring.ring + " has more than " + MAX_STATES + " states");
        }
        if (number == by.length) {
            cameFrom = Arrays.copyOf(cameFrom, 2 * number);
            by = Arrays.copyOf(by, 2 * number);
        }
        cameFrom[number] = from;
        by[number] = move;
        report(oracle.breach(state), from, move, state);
        int needed = rounds.from(state);
        mostRounds = Math.max(mostRounds, needed);
        if (needed < 0) {
            report(Optional.of(new Breach(Invariant.CONVERGENCE, "not all pointers become right")), from, move, state);
        }
    }

    private void report(Optional<Breach> breach, int from, byte move, long state) {
        if (breach.isPresent()) {
            throw new Found(breach.get() + "\n" + path(from) + line(move, state));
        }
    }

    private String path(int to) {
        if (to < 0) {
            return "";
        }
        return path(cameFrom[to]) + (cameFrom[to] < 0 ? "  " + ring.shown(states.key(to)) + "\n"
                : line(by[to], states.key(to)));
    }

    private String line(byte move, long state) {
        return String.format(Locale.ROOT, "  %-18s %s%n", Step.shown(move), ring.shown(state));
    }
}
