package io.chordshare.simulation.history;

/** What a client knows of its operation. */
public sealed interface Outcome {

    /** Outcomes without a value. */
    enum Plain implements Outcome {
        /** The write took effect. */
        DONE,
        /** A get or a delete found no value. */
        NOT_FOUND,
        /** The condition of a write did not hold. The write had no effect. */
        CONDITION_FAILED,
        /** The write took effect at any time from its invocation on, also after its return, or never. */
        UNKNOWN,
        /** The operation certainly had no effect. */
        FAILED
    }

    /** A get found this value. */
    record Found(String value) implements Outcome {}
}
