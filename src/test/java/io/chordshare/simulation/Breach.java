package io.chordshare.simulation;

/** A breach of an invariant, for people to read. */
record Breach(Invariant invariant, String detail) {

    @Override
    public String toString() {
        return "invariant " + invariant + ": " + detail;
    }
}
