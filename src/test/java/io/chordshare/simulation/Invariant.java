package io.chordshare.simulation;

/** The invariants of a ring: see docs/protocol.md, after Zave (TSE 2017, section 5). */
enum Invariant {
    LIVE_SUCCESSOR(1, "every member has a live successor in its list"),
    PRINCIPALS(2, "a principal is never skipped, and r + 1 of them stay where every failure leaves that many"),
    ONE_RING(3, "there is exactly one ordered ring, and every member outside reaches it"),
    NO_DUPLICATES(4, "no list names a node twice, or the node itself"),
    RING_ORDER(5, "lists are in ring order"),
    /** Not in the protocol's list, but its purpose: the ring error falls to 0, and lookups find the owner. */
    CONVERGENCE(6, "when nothing fails any more, every pointer becomes right and stays so");

    private final int number;
    private final String sentence;

    Invariant(int number, String sentence) {
        this.number = number;
        this.sentence = sentence;
    }

    @Override
    public String toString() {
        return number + " (" + sentence + ")";
    }
}
