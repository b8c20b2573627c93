package io.chordshare.simulation.history;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An operation as the search sees it. A state of the register is a number: {@link #ABSENT}, {@link #UNREAD}, or one for
 * each value that some outcome or condition names. Values that nothing names are the same to every operation, so they
 * share one number.
 *
 * @param after the state after the operation, or {@link #IMPOSSIBLE} when the operation cannot have its outcome in the
 *              given state
 * @param needs the only state in which the operation can have its outcome, or {@link #NONE}
 * @param writes the state that the operation leaves where it has an effect, or {@link #NONE}
 * @param names the state that the outcome or the condition names, or {@link #NONE}
 * @param reads whether the operation never changes the state
 * @param kind  equal for open writes that differ in nothing but their times
 */
record Step(Operation operation, IntUnaryOperator after, int needs, int writes, int names, boolean reads,
            Write kind) {

    static final int IMPOSSIBLE = -1;
    static final int NONE = -1;
    static final int ABSENT = 0;
    static final int UNREAD = 1;
    static final int FIRST_NAMED = 2;

    /** What a write does: it leaves this value if the condition holds. */
    record Write(int value, Condition condition) {}

    /** Numbers of values. */
    static final class Tags {

        private final Map<String, Integer> numbers = new TreeMap<>();

        Tags(List<Operation> operations) {
            for (Operation operation : operations) {
                if (operation.outcome() instanceof Outcome.Found(String value)) {
                    name(value);
                }
                if (condition(operation.asked()) instanceof Condition.IfValue(String tag)) {
                    name(tag);
                }
            }
        }

        private void name(String tag) {
            numbers.putIfAbsent(tag, FIRST_NAMED + numbers.size());
        }

        /** How many states there are. */
        int states() {
            return FIRST_NAMED + numbers.size();
        }

        int state(@Nullable String value) {
            return value == null ? ABSENT : numbers.getOrDefault(value, UNREAD);
        }
    }

    static Step of(Operation operation, Tags tags) {
        Condition condition = condition(operation.asked());
        int written = operation.asked() instanceof Request.Put put ? tags.state(put.value()) : ABSENT;
        boolean deletes = operation.asked() instanceof Request.Delete;
        boolean reads = switch (operation.outcome()) {
            case Outcome.Plain.DONE, Outcome.Plain.UNKNOWN -> false;
            case Outcome.Plain.NOT_FOUND, Outcome.Plain.CONDITION_FAILED, Outcome.Plain.FAILED -> true;
            case Outcome.Found found -> true;
        };
        IntUnaryOperator after = switch (operation.outcome()) {
            case Outcome.Found(String value) -> onlyIn(tags.state(value));
            case Outcome.Plain.NOT_FOUND -> onlyIn(ABSENT);
            case Outcome.Plain.FAILED -> state -> state;
            case Outcome.Plain.CONDITION_FAILED -> state -> holds(condition, state, tags) ? IMPOSSIBLE : state;
            case Outcome.Plain.DONE -> state -> holds(condition, state, tags) && !(deletes && state == ABSENT)
                    ? written : IMPOSSIBLE;
            // without an effect it is as if it never happened, which needs no step
            case Outcome.Plain.UNKNOWN -> state -> holds(condition, state, tags) && state != written
                    ? written : IMPOSSIBLE;
        };
        return new Step(operation, after, needs(operation.outcome(), condition, tags), reads ? NONE : written,
                names(operation.outcome(), condition, tags), reads, new Write(written, condition));
    }

    private static int needs(Outcome outcome, Condition condition, Tags tags) {
        return switch (outcome) {
            case Outcome.Found(String value) -> tags.state(value);
            case Outcome.Plain.NOT_FOUND -> ABSENT;
            case Outcome.Plain.DONE -> switch (condition) {
                case Condition.Plain.IF_ABSENT -> ABSENT;
                case Condition.IfValue(String tag) -> tags.state(tag);
                case Condition.Plain.ALWAYS, Condition.Plain.IF_PRESENT -> NONE;
            };
            case Outcome.Plain.CONDITION_FAILED, Outcome.Plain.UNKNOWN, Outcome.Plain.FAILED -> NONE;
        };
    }

    private static int names(Outcome outcome, Condition condition, Tags tags) {
        return outcome instanceof Outcome.Found(String value) ? tags.state(value)
                : condition instanceof Condition.IfValue(String tag) ? tags.state(tag) : NONE;
    }

    private static IntUnaryOperator onlyIn(int state) {
        return now -> now == state ? state : IMPOSSIBLE;
    }

    private static boolean holds(Condition condition, int state, Tags tags) {
        return switch (condition) {
            case Condition.Plain.ALWAYS -> true;
            case Condition.Plain.IF_ABSENT -> state == ABSENT;
            case Condition.Plain.IF_PRESENT -> state != ABSENT;
            case Condition.IfValue(String tag) -> state == tags.state(tag);
        };
    }

    private static Condition condition(Request asked) {
        return switch (asked) {
            case Request.Get get -> Condition.Plain.ALWAYS;
            case Request.Put put -> put.condition();
            case Request.Delete delete -> delete.condition();
        };
    }
}
