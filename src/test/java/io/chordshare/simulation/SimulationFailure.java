package io.chordshare.simulation;

import java.time.Duration;

/** A simulated run failed. The message says how to repeat it, and what happened just before. */
public final class SimulationFailure extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final long seed;

    SimulationFailure(long seed, Duration at, EventLog log, String test, Throwable cause) {
        super("""
                %s
                  seed    %d, commit %s
                  at      %s of virtual time, after %,d log entries with hash %016x
                  repeat  mvn -B test -Dtest='%s' -Dchordshare.seed=%d
                The last that happened:
                %s""".formatted(cause, seed, Replay.commit(), at, log.entries(), log.hash(), test, seed,
                String.join("\n", log.last())), cause);
        this.seed = seed;
    }

    public long seed() {
        return seed;
    }
}
