package io.chordshare.simulation.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the longest order that was found ends.
 *
 * @param order what is in order
 * @param stuck what would have to be next, by time of invocation
 * @param needing what can only be run on the value at this end, which no other write brings back
 * @param open  writes without a known outcome that were invoked by then, and are not in the order
 */
record DeadEnd(List<Operation> order, List<Operation> stuck, List<Operation> needing, List<Operation> open,
               @Nullable String initial) {

    /** Enough to see the cause, little enough to read. */
    private static final int MOST_LINES = 20;

    String text() {
        StringBuilder text = new StringBuilder("The longest order that was found:\n");
        if (order.size() > MOST_LINES) {
            text.append("  (").append(order.size() - MOST_LINES).append(" earlier)\n");
        }
        append(text, order.subList(Math.max(0, order.size() - MOST_LINES), order.size()));
        String content = content();
        text.append(content == null ? "Then there is no value" : "Then the value is " + content)
                .append(", and none of these can be next:\n");
        append(text, stuck);
        if (!needing.isEmpty()) {
            text.append("No other write brings the value back, and these still need it:\n");
            append(text, needing.subList(0, Math.min(needing.size(), MOST_LINES)));
        }
        if (!open.isEmpty()) {
            text.append("None of these ").append(open.size()).append(" writes of unknown outcome helps:\n");
            append(text, open.subList(0, Math.min(open.size(), MOST_LINES)));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, List<Operation> operations) {
        operations.forEach(operation -> text.append("  ").append(operation).append('\n'));
    }

    /** Open writes are in the order only where they have an effect. */
    private @Nullable String content() {
        String content = initial;
        for (Operation operation : order) {
            if (operation.outcome() == Outcome.Plain.DONE || operation.outcome() == Outcome.Plain.UNKNOWN) {
                content = operation.asked() instanceof Request.Put put ? put.value() : null;
            }
        }
        return content;
    }
}
