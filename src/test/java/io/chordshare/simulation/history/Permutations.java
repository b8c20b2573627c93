package io.chordshare.simulation.history;

import static io.chordshare.simulation.history.AtomicHistory.holds;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The definition of linearizability, tried out on every order of every choice of operations: slow, and with nothing in
 * common with the checker.
 */
final class Permutations {

    private final List<Operation> operations;
    private final @Nullable String initial;

    private Permutations(List<Operation> operations, @Nullable String initial) {
        this.operations = operations;
        this.initial = initial;
    }

    static boolean oneExplains(List<Operation> operations, @Nullable String initial) {
        return new Permutations(operations, initial).oneExplains(new ArrayList<>());
    }

    /** Whether this order explains everything, whatever the checker thinks. */
    static boolean explains(List<Operation> order, List<Operation> operations, @Nullable String initial) {
        return new Permutations(operations, initial).isExplanation(order);
    }

    private boolean oneExplains(List<Operation> order) {
        if (isExplanation(order)) {
            return true;
        }
        for (Operation operation : operations) {
            if (operation.outcome() != Outcome.Plain.FAILED && !containsSame(order, operation)) {
                order.add(operation);
                boolean found = oneExplains(order);
                order.removeLast();
                if (found) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isExplanation(List<Operation> order) {
        return operations.stream().allMatch(one -> one.outcome() == Outcome.Plain.FAILED
                || one.outcome() == Outcome.Plain.UNKNOWN || containsSame(order, one))
                && keepsRealTime(order) && hasTheseOutcomes(order);
    }

    /** Two equal operations are two operations. */
    private static boolean containsSame(List<Operation> order, Operation operation) {
        return order.stream().anyMatch(one -> one == operation);
    }

    private static boolean keepsRealTime(List<Operation> order) {
        for (int late = 0; late < order.size(); late++) {
            for (int early = 0; early < late; early++) {
                Operation after = order.get(late);
                if (after.outcome() != Outcome.Plain.UNKNOWN && after.returned() < order.get(early).invoked()) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean hasTheseOutcomes(List<Operation> order) {
        String value = initial;
        for (Operation operation : order) {
            if (!isPossible(operation, value)) {
                return false;
            }
            boolean wrote = operation.outcome() == Outcome.Plain.DONE || operation.outcome() == Outcome.Plain.UNKNOWN;
            value = wrote ? after(operation.asked(), value) : value;
        }
        return true;
    }

    private static boolean isPossible(Operation operation, @Nullable String value) {
        return switch (operation.outcome()) {
            case Outcome.Plain.UNKNOWN -> true;
            case Outcome.Plain.FAILED -> false;
            case Outcome.Found found -> found.value().equals(value);
            case Outcome.Plain.NOT_FOUND -> value == null;
            case Outcome.Plain.CONDITION_FAILED -> switch (operation.asked()) {
                case Request.Get get -> false;
                case Request.Put put -> !holds(put.condition(), value);
                case Request.Delete delete -> !holds(delete.condition(), value);
            };
            case Outcome.Plain.DONE -> switch (operation.asked()) {
                case Request.Get get -> false;
                case Request.Put put -> holds(put.condition(), value);
                case Request.Delete delete -> value != null && holds(delete.condition(), value);
            };
        };
    }

    private static @Nullable String after(Request asked, @Nullable String value) {
        return switch (asked) {
            case Request.Get get -> value;
            case Request.Put put -> holds(put.condition(), value) ? put.value() : value;
            case Request.Delete delete -> holds(delete.condition(), value) ? null : value;
        };
    }
}
