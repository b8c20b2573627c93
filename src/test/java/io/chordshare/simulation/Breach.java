package io.chordshare.simulation;

/** Where an invariant is broken, for people to read. */
record Breach(Invariant invariant, String detail) {

    @Override
    public String toString() {
        return "invariant " + invariant + ": " + detail;
    }
}
