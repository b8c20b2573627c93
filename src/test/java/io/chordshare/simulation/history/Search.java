package io.chordshare.simulation.history;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The search for an order, depth first. What may be next is every operation that was called before the first return of
 * those that are not yet in order. Certain operations are tried first: an open write is only worth using up when
 * something needs it.
 */
final class Search {

    private record Taken(Event call, int stateBefore) {}

    private final EventList events;
    private final @Nullable String initial;
    private final long mostSteps;
    private final List<Taken> taken = new ArrayList<>();
    private final BitSet certainTaken = new BitSet();
    private final BitSet openTaken = new BitSet();
    /** By kind, how many open writes are taken. */
    private final Map<Object, Integer> openTakenOfKind = new HashMap<>();
    private final SeenConfigurations seen;
    private final Waiting waiting;
    private int state;
    private long tried;
    private int furthest = -1;
    private String furthestText = "";

    Search(EventList events, Waiting waiting, int state, @Nullable String initial, long mostSteps) {
        this.events = events;
        this.waiting = waiting;
        this.seen = new SeenConfigurations(events.openKinds(), waiting);
        this.state = state;
        this.initial = initial;
        this.mostSteps = mostSteps;
    }

    Verdict run() {
        Event candidate = first();
        while (certainTaken.cardinality() < events.certain()) {
            if (steps() >= mostSteps) {
                return new Verdict.GaveUp("Gave up after " + mostSteps + " steps: check fewer operations of one name,"
                        + " or have fewer of them at the same time.\n" + furthestText, steps());
            }
            if (candidate != null) {
                candidate = take(candidate) ? first() : after(candidate);
            } else {
                noteHowFar();
                if (taken.isEmpty()) {
                    return new Verdict.Violation("No order explains the outcomes of all " + events.certain()
                            + " operations with a known outcome.\n" + furthestText, steps());
                }
                candidate = after(giveBack());
            }
        }
        return new Verdict.Linearizable(order(), steps());
    }

    private long steps() {
        return tried + seen.compared();
    }

    /** Takes the operation as the next one, if it fits and leads to something new. */
    private boolean take(Event call) {
        tried++;
        int next = call.step.after().applyAsInt(state);
        if (next == Step.IMPOSSIBLE || wastes(call, next) || next != state && waiting.keeps(state, call.step)) {
            return false;
        }
        bits(call).set(call.number);
        waiting.remove(call.step);
        if (!seen.add(certainTaken, openTaken, next)) {
            waiting.add(call.step);
            bits(call).clear(call.number);
            return false;
        }
        taken.add(new Taken(call, state));
        if (!call.isCertain()) {
            openTakenOfKind.merge(call.step.kind(), 1, Integer::sum);
        }
        events.lift(call);
        state = next;
        return true;
    }

    /** Whether the step leads to the same state without the open write just before it, which is then better kept. */
    private boolean wastes(Event call, int next) {
        return !taken.isEmpty() && !taken.getLast().call().isCertain()
                && call.step.after().applyAsInt(taken.getLast().stateBefore()) == next;
    }

    private Event giveBack() {
        Taken last = taken.removeLast();
        Event call = last.call();
        waiting.add(call.step);
        bits(call).clear(call.number);
        if (!call.isCertain()) {
            openTakenOfKind.merge(call.step.kind(), -1, Integer::sum);
        }
        events.putBack(call);
        state = last.stateBefore();
        return call;
    }

    private BitSet bits(Event call) {
        return call.isCertain() ? certainTaken : openTaken;
    }

    private @Nullable Event first() {
        for (Event event = events.head(); event != null && event.isCall; event = event.next) {
            if (settles(event)) {
                return event;
            }
        }
        Event certain = from(events.head(), true);
        return certain != null ? certain : from(events.head(), false);
    }

    /** The candidate that comes after this one, in the configuration in which this one was found. */
    private @Nullable Event after(Event call) {
        if (settles(call)) {
            return null;
        }
        if (!call.isCertain()) {
            return from(call.next, false);
        }
        Event certain = from(call.next, true);
        return certain != null ? certain : from(events.head(), false);
    }

    /** What changes nothing and fits now can be next without a loss: it needs no alternative. */
    private boolean settles(Event call) {
        return call.step.reads() && call.step.after().applyAsInt(state) == state;
    }

    private @Nullable Event from(@Nullable Event start, boolean certain) {
        for (Event event = start; event != null && event.isCall; event = event.next) {
            if (event.isCertain() == certain && (certain || isItsTurn(event))) {
                return event;
            }
        }
        return null;
    }

    private boolean isItsTurn(Event open) {
        return open.rank == openTakenOfKind.getOrDefault(open.step.kind(), 0);
    }

    private List<Operation> order() {
        return taken.stream().map(one -> one.call().step.operation()).toList();
    }

    private void noteHowFar() {
        if (certainTaken.cardinality() <= furthest) {
            return;
        }
        furthest = certainTaken.cardinality();
        List<Operation> stuck = new ArrayList<>();
        List<Operation> open = new ArrayList<>();
        List<Operation> needing = new ArrayList<>();
        for (Event event = events.head(); event != null && event.isCall; event = event.next) {
            (event.isCertain() ? stuck : open).add(event.step.operation());
        }
        for (Event event = events.head(); event != null && waiting.isLastTime(state); event = event.next) {
            if (event.isCall && event.step.needs() == state) {
                needing.add(event.step.operation());
            }
        }
        furthestText = new DeadEnd(order(), stuck, needing, open, initial).text();
    }
}
