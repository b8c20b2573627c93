package io.chordshare.simulation.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Histories that are right by construction: clients that are always busy, and a register on which each operation runs
 * as a whole at one random moment of its interval. A write of unknown outcome runs at a random moment after its
 * invocation, or never. Every put has a value of its own.
 */
final class AtomicHistory {

    static final String NAME = "file";
    private static final int LONGEST_NANOS = 1000;
    private static final int LONGEST_PAUSE_NANOS = 20;
    private static final int FAILED_PERCENT = 3;
    private static final long NEVER = Long.MAX_VALUE;

    private record Draft(int client, Request asked, long invoked, long returned, long moment, boolean failed,
                         boolean unknown) {

        Operation with(Outcome outcome) {
            return new Operation(client, NAME, asked, invoked, returned, outcome);
        }
    }

    private final Random random;
    private int values;

    private AtomicHistory(long seed) {
        random = new Random(seed);
    }

    static List<Operation> of(long seed, int operations, int clients, int unknownPercent) {
        return new AtomicHistory(seed).run(operations, clients, unknownPercent);
    }

    private List<Operation> run(int operations, int clients, int unknownPercent) {
        List<Draft> drafts = new ArrayList<>();
        long[] free = new long[clients];
        for (int i = 0; i < operations; i++) {
            int client = i % clients;
            long invoked = free[client] + random.nextInt(LONGEST_PAUSE_NANOS);
            long returned = invoked + random.nextInt(LONGEST_NANOS);
            free[client] = returned;
            drafts.add(draft(client, invoked, returned, random.nextInt(100) < unknownPercent, operations));
        }
        drafts.sort(Comparator.comparingLong(Draft::moment));
        List<Operation> result = new ArrayList<>();
        String value = null;
        for (Draft draft : drafts) {
            if (draft.failed()) {
                result.add(draft.with(Outcome.Plain.FAILED));
            } else {
                Outcome outcome = outcome(draft.asked(), value);
                value = draft.moment() == NEVER || outcome != Outcome.Plain.DONE ? value : written(draft.asked());
                result.add(draft.with(draft.unknown() ? Outcome.Plain.UNKNOWN : outcome));
            }
        }
        result.sort(Comparator.comparingLong(Operation::invoked));
        return result;
    }

    private Draft draft(int client, long invoked, long returned, boolean unknown, int operations) {
        boolean failed = !unknown && random.nextInt(100) < FAILED_PERCENT;
        long moment = invoked + random.nextLong(returned - invoked + 1);
        if (unknown) {
            moment = random.nextInt(3) == 0 ? NEVER : invoked + random.nextLong((long) operations * LONGEST_NANOS / 10);
        }
        boolean open = unknown && random.nextBoolean();
        return new Draft(client, asked(), invoked, open ? Operation.NOT_RETURNED : returned, moment, failed, unknown);
    }

    private Request asked() {
        return switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> new Request.Get();
            case 4, 5 -> new Request.Put("v" + ++values);
            case 6 -> new Request.Put("v" + ++values, condition());
            case 7 -> new Request.Put("v" + ++values, Condition.Plain.IF_ABSENT);
            case 8 -> new Request.Delete();
            default -> new Request.Delete(condition());
        };
    }

    private Condition condition() {
        return switch (random.nextInt(3)) {
            case 0 -> Condition.Plain.IF_PRESENT;
            case 1 -> Condition.Plain.IF_ABSENT;
            // a recent value, which may still be there
            default -> new Condition.IfValue("v" + Math.max(1, values - random.nextInt(3)));
        };
    }

    /** What a register answers that holds this value. */
    private static Outcome outcome(Request asked, @Nullable String value) {
        return switch (asked) {
            case Request.Get get -> value == null ? Outcome.Plain.NOT_FOUND : new Outcome.Found(value);
            case Request.Put put -> holds(put.condition(), value) ? Outcome.Plain.DONE : Outcome.Plain.CONDITION_FAILED;
            case Request.Delete delete -> value == null ? Outcome.Plain.NOT_FOUND
                    : holds(delete.condition(), value) ? Outcome.Plain.DONE : Outcome.Plain.CONDITION_FAILED;
        };
    }

    private static @Nullable String written(Request asked) {
        return asked instanceof Request.Put put ? put.value() : null;
    }

    static boolean holds(Condition condition, @Nullable String value) {
        return switch (condition) {
            case Condition.Plain.ALWAYS -> true;
            case Condition.Plain.IF_ABSENT -> value == null;
            case Condition.Plain.IF_PRESENT -> value != null;
            case Condition.IfValue wanted -> wanted.tag().equals(value);
        };
    }
}
