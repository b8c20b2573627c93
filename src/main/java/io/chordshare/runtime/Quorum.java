package io.chordshare.runtime;

/** How many of a group are enough: any two majorities of one group share a member. The only place that counts them. */
public final class Quorum {

    private Quorum() {}

    /** The smallest majority of so many. */
    public static int majorityOf(int members) {
        return members / 2 + 1;
    }
}
