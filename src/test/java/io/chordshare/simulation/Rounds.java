package io.chordshare.simulation;

import java.util.Arrays;

/**
 * Continues a global state without failures and joins: first everything under way ends. Then, in each round, every node
 * in turn learns the deaths and stabilizes, and every notified node rectifies.
 */
final class Rounds {

    private static final int LIMIT = 20;

    private final SmallRing ring;
    private final SmallRingOracle oracle;
    private final LongTable idle = new LongTable();
    private byte[] rounds = new byte[1 << 10];

    Rounds(SmallRing ring, SmallRingOracle oracle) {
        this.ring = ring;
        this.oracle = oracle;
    }

    /** @return the number of rounds after which all pointers are right and stay right; -1 when that does not happen */
    int from(long state) {
        long at = finished(state);
        int before = idle.size();
        int number = idle.add(at);
        if (number == before) {
            if (number == rounds.length) {
                rounds = Arrays.copyOf(rounds, 2 * number);
            }
            rounds[number] = (byte) count(at);
        }
        return rounds[number];
    }

    private int count(long state) {
        long at = state;
        for (int round = 0; round <= LIMIT; round++) {
            long next = round(at);
            if (oracle.isIdeal(at) && oracle.pointersOf(next) == oracle.pointersOf(at)) {
                return round;
            }
            at = next;
        }
        return -1;
    }

    private long round(long state) {
        long at = state;
        for (int node = 0; node < ring.nodes(); node++) {
            if (ring.entry(at, node).isMember) {
                at = stabilize(learn(at, node), node);
            }
        }
        return at;
    }

    private long learn(long state, int node) {
        long at = state;
        for (int other = 0; other < ring.nodes(); other++) {
            if (other != node && SmallRing.knowsDead(ring.entry(at, node), other, ring.entry(at, other))) {
                at = taken(at, node, ring.outcome(at, node, Step.LEARN_DEATH, other));
            }
        }
        return at;
    }

    private long stabilize(long state, int node) {
        return finish(taken(state, node, ring.outcome(state, node, Step.ASK, 0)), node);
    }

    /** Answers arrive, pending questions are asked, and leaving nodes are gone. */
    private long finished(long state) {
        long at = state;
        for (int node = 0; node < ring.nodes(); node++) {
            if (ring.entry(at, node).seat.doing() instanceof Seat.Departing departing) {
                at = Seats.with(at, node, departing.then());
            }
        }
        // first the answers, so that no asked node is busy
        for (int node = 0; node < ring.nodes(); node++) {
            if (ring.entry(at, node).seat.doing() instanceof Seat.Waiting waiting) {
                at = Seats.with(at, node, waiting.then());
            }
        }
        for (int node = 0; node < ring.nodes(); node++) {
            at = finish(at, node);
        }
        return at;
    }

    private long finish(long state, int node) {
        long at = state;
        while (true) {
            switch (ring.entry(at, node).seat.doing()) {
                case Seat.Waiting waiting -> {
                    at = notify(Seats.with(at, node, waiting.then()), node, waiting.notifies());
                }
                case Seat.Next next -> at = taken(at, node, ring.outcome(at, node, Step.ASK, 0));
                case Seat.Nothing nothing -> {
                    return at;
                }
                case Seat.Departing departing -> throw new IllegalStateException("it is gone by now");
                case Seat.Gone gone -> {
                    return at;
                }
            }
        }
    }

    private long taken(long state, int node, Branch step) {
        return notify(Seats.with(state, node, step.seat()), node, step.notified());
    }

    private long notify(long state, int node, int notified) {
        if (notified == Seat.NOBODY || !ring.entry(state, notified).isMember || !ring.entry(state, notified).isIdle()) {
            return state;
        }
        return Seats.with(state, notified, ring.outcome(state, notified, Step.RECTIFY, node).seat());
    }
}
