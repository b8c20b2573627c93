package io.chordshare.simulation.history;

/** What must hold of the register at the moment in which a write takes effect. */
public sealed interface Condition {

    /** Conditions without a value. */
    enum Plain implements Condition {
        ALWAYS, IF_ABSENT, IF_PRESENT
    }

    /** The register holds exactly this value. */
    record IfValue(String tag) implements Condition {}
}
