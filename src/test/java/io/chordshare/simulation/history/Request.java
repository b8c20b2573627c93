package io.chordshare.simulation.history;

/** What a client asks of a register. Values are opaque tags; the checker is sharpest when each write has its own. */
public sealed interface Request {

    /** Reads the value. */
    record Get() implements Request {}

    /** Replaces the value, or creates it. */
    record Put(String value, Condition condition) implements Request {

        public Put(String value) {
            this(value, Condition.Plain.ALWAYS);
        }
    }

    /** Removes the value. A register without a value has nothing to delete. */
    record Delete(Condition condition) implements Request {

        public Delete() {
            this(Condition.Plain.ALWAYS);
        }
    }
}
