package io.chordshare.simulation.history;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * One operation of a client on one register.
 *
 * @param invoked  nanoseconds of virtual time
 * @param returned nanoseconds of virtual time, or {@link #NOT_RETURNED}, which needs the outcome UNKNOWN
 */
public record Operation(int client, String name, Request asked, long invoked, long returned, Outcome outcome) {

    public static final long NOT_RETURNED = Long.MAX_VALUE;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    public Operation {
        if (returned < invoked) {
            throw new IllegalArgumentException("returned at " + returned + ", before its invocation at " + invoked);
        }
        if (returned == NOT_RETURNED && outcome != Outcome.Plain.UNKNOWN) {
            throw new IllegalArgumentException("an operation that has not returned has the outcome UNKNOWN, not "
                    + outcome);
        }
        if (!isPossible(asked, outcome)) {
            throw new IllegalArgumentException(asked + " cannot end with " + outcome);
        }
    }

    private static boolean isPossible(Request asked, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Found found -> asked instanceof Request.Get;
            case Outcome.Plain plain -> possible(asked).contains(plain);
        };
    }

    private static Set<Outcome.Plain> possible(Request asked) {
        Set<Outcome.Plain> outcomes = EnumSet.of(Outcome.Plain.UNKNOWN, Outcome.Plain.FAILED);
        Condition condition = switch (asked) {
            case Request.Get get -> {
                outcomes.add(Outcome.Plain.NOT_FOUND);
                yield Condition.Plain.ALWAYS;
            }
            case Request.Put put -> {
                outcomes.add(Outcome.Plain.DONE);
                yield put.condition();
            }
            case Request.Delete delete -> {
                outcomes.add(Outcome.Plain.DONE);
                outcomes.add(Outcome.Plain.NOT_FOUND);
                yield delete.condition();
            }
        };
        if (condition != Condition.Plain.ALWAYS) {
            outcomes.add(Outcome.Plain.CONDITION_FAILED);
        }
        return outcomes;
    }

    /** Whether the outcome says that the operation took place between its invocation and its return. */
    boolean isCertain() {
        return outcome != Outcome.Plain.UNKNOWN && outcome != Outcome.Plain.FAILED;
    }

    /** Whether a write may have taken effect at any time, or never. */
    boolean isOpen() {
        return outcome == Outcome.Plain.UNKNOWN && !(asked instanceof Request.Get);
    }

    /** One line for people. */
    @Override
    public String toString() {
        return "%s - %s  client %d  %s: %s".formatted(seconds(invoked), seconds(returned), client, request(), ending());
    }

    private static String seconds(long nanos) {
        return nanos == NOT_RETURNED ? "(no return)"
                : "%d.%09d s".formatted(nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND);
    }

    private String request() {
        return switch (asked) {
            case Request.Get get -> "get";
            case Request.Put put -> "put " + put.value() + text(put.condition());
            case Request.Delete delete -> "delete" + text(delete.condition());
        };
    }

    private static String text(Condition condition) {
        return switch (condition) {
            case Condition.Plain.ALWAYS -> "";
            case Condition.Plain.IF_ABSENT -> " if absent";
            case Condition.Plain.IF_PRESENT -> " if present";
            case Condition.IfValue value -> " if " + value.tag();
        };
    }

    private String ending() {
        return switch (outcome) {
            case Outcome.Found found -> "found " + found.value();
            case Outcome.Plain plain -> plain.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }
}
