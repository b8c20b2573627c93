package io.chordshare.simulation;

/** An oracle found a breach. Fails the run. */
final class InvariantBroken extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final Invariant invariant;

    InvariantBroken(Breach breach) {
        super(breach.toString());
        this.invariant = breach.invariant();
    }

    Invariant invariant() {
        return invariant;
    }
}
