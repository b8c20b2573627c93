package io.chordshare.placement;

import java.util.Comparator;

/**
 * One attempt to decide the next view of a slot (a proposal number of "Paxos made simple").
 *
 * @param round    the higher one wins
 * @param proposer the id of the node that proposes and a random number: no ballot is used twice
 */
public record Ballot(long round, String proposer) implements Comparable<Ballot> {

    /** Below every ballot. */
    static final Ballot NONE = new Ballot(0, "");

    private static final int MAX_PROPOSER = 64;
    private static final Comparator<Ballot> ORDER =
            Comparator.comparingLong(Ballot::round).thenComparing(Ballot::proposer);

    /** @throws IllegalArgumentException when it is out of bounds */
    public Ballot {
        if (round < 0 || round > View.MAX_NUMBER || proposer.length() > MAX_PROPOSER) {
            throw new IllegalArgumentException("a ballot has a round from 0 on and a proposer");
        }
    }

    @Override
    public int compareTo(Ballot other) {
        return ORDER.compare(this, other);
    }
}
