package io.chordshare.simulation.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Records who asked for what, and when, of many registers that are all absent at first. The order in which events are
 * recorded counts, also at the same time: an event moves on by a nanosecond when the time is not after that of the
 * event before. For one thread, or for callers that take turns.
 */
public final class History {

    /** Some 50 MB. */
    public static final int MOST_OPERATIONS = 200_000;

    private static final class Entry {

        final int client;
        final String name;
        final Request asked;
        final long invoked;
        long returned = Operation.NOT_RETURNED;
        Outcome outcome = Outcome.Plain.UNKNOWN;

        Entry(int client, String name, Request asked, long invoked) {
            this.client = client;
            this.name = name;
            this.asked = asked;
            this.invoked = invoked;
        }

        Operation operation() {
            return new Operation(client, name, asked, invoked, returned, outcome);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final int mostOperations;
    private long latest = -1;
    private long latestMoved = -1;

    public History() {
        this(MOST_OPERATIONS);
    }

    History(int mostOperations) {
        this.mostOperations = mostOperations;
    }

    /**
     * @param nanos not before that of the event before
     * @return the operation's number, for {@link #returned}
     */
    public int invoked(int client, String name, Request asked, long nanos) {
        if (entries.size() >= mostOperations) {
            throw new IllegalStateException("a history holds " + mostOperations
                    + " operations: check this one and begin another with other names");
        }
        entries.add(new Entry(client, name, asked, moved(nanos)));
        return entries.size() - 1;
    }

    /** An operation that never returns stays UNKNOWN. */
    public void returned(int number, Outcome outcome, long nanos) {
        Entry entry = entries.get(number);
        if (entry.returned != Operation.NOT_RETURNED) {
            throw new IllegalStateException("has returned before: " + entry.operation());
        }
        Operation whole = new Operation(entry.client, entry.name, entry.asked, entry.invoked, moved(nanos), outcome);
        entry.returned = whole.returned();
        entry.outcome = outcome;
    }

    private long moved(long nanos) {
        if (nanos < latest) {
            throw new IllegalArgumentException("time goes back from " + latest + " to " + nanos
                    + " ns: record on one clock, when things happen");
        }
        latest = nanos;
        latestMoved = Math.max(nanos, latestMoved + 1);
        return latestMoved;
    }

    /** By name, in order of invocation. */
    public SortedMap<String, List<Operation>> operations() {
        SortedMap<String, List<Operation>> byName = new TreeMap<>();
        for (Entry entry : entries) {
            byName.computeIfAbsent(entry.name, name -> new ArrayList<>()).add(entry.operation());
        }
        byName.replaceAll((name, operations) -> List.copyOf(operations));
        return Collections.unmodifiableSortedMap(byName);
    }

    /** The verdict on each name. */
    public SortedMap<String, Verdict> check() {
        SortedMap<String, Verdict> verdicts = new TreeMap<>();
        operations().forEach((name, operations) -> verdicts.put(name, Linearizability.check(operations, null)));
        return verdicts;
    }

    /** What is wrong, or could not be decided, for people; null when all names are linearizable. */
    public @Nullable String problem() {
        StringBuilder problems = new StringBuilder();
        check().forEach((name, verdict) -> {
            switch (verdict) {
                case Verdict.Linearizable fine -> { }
                case Verdict.Violation wrong -> problems.append(name).append(": ").append(wrong.text());
                case Verdict.GaveUp undecided -> problems.append(name).append(": ").append(undecided.text());
            }
        });
        return problems.isEmpty() ? null : problems.toString();
    }

    /** Everything, for people. */
    public String dump() {
        StringBuilder text = new StringBuilder();
        operations().forEach((name, operations) -> {
            text.append(name).append('\n');
            operations.forEach(operation -> text.append("  ").append(operation).append('\n'));
        });
        return text.toString();
    }
}
