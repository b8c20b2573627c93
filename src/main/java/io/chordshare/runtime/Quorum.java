package io.chordshare.runtime;

/** The size of a majority: any two majorities of one group share a member. Only this class computes it. */
public final class Quorum {

    private Quorum() {}

    /** The size of the smallest majority of {@code members}. */
    public static int majorityOf(int members) {
        return members / 2 + 1;
    }
}
