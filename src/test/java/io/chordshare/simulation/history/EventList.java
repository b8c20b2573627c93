package io.chordshare.simulation.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls and returns in order of time. At the same time calls come before returns: only what returned strictly
 * before a call is before it. An operation that is lifted out goes back to the same place.
 */
final class EventList {

    private @Nullable Event head;
    private final List<Step.Write> openKinds = new ArrayList<>();
    /** How many certain operations there are in all. */
    private final int certain;

    EventList(List<Step> steps) {
        List<Step> byCall = new ArrayList<>(steps);
        byCall.sort(Comparator.comparingLong(step -> step.operation().invoked()));
        List<Event> events = new ArrayList<>();
        Map<Step.Write, Integer> ranks = new LinkedHashMap<>();
        int certainSoFar = 0;
        for (Step step : byCall) {
            if (step.operation().isCertain()) {
                Event call = new Event(step, certainSoFar, 0, true);
                Event returned = new Event(step, certainSoFar++, 0, false);
                call.returned = returned;
                events.add(call);
                events.add(returned);
            } else {
                int rank = ranks.merge(step.kind(), 1, Integer::sum) - 1;
                events.add(new Event(step, openKinds.size(), rank, true));
                openKinds.add(step.kind());
            }
        }
        events.sort(Comparator.comparingLong(Event::nanos).thenComparing(event -> !event.isCall));
        certain = certainSoFar;
        link(events);
    }

    private void link(List<Event> events) {
        Event last = null;
        for (Event event : events) {
            event.previous = last;
            if (last == null) {
                head = event;
            } else {
                last.next = event;
            }
            last = event;
        }
    }

    @Nullable Event head() {
        return head;
    }

    int certain() {
        return certain;
    }

    /** What the open writes do, by number. */
    List<Step.Write> openKinds() {
        return openKinds;
    }

    void lift(Event call) {
        unlink(call);
        if (call.returned != null) {
            unlink(call.returned);
        }
    }

    /** Undoes the latest {@link #lift} that is not yet undone. */
    void putBack(Event call) {
        if (call.returned != null) {
            relink(call.returned);
        }
        relink(call);
    }

    private void unlink(Event event) {
        if (event.previous == null) {
            head = event.next;
        } else {
            event.previous.next = event.next;
        }
        if (event.next != null) {
            event.next.previous = event.previous;
        }
    }

    private void relink(Event event) {
        if (event.previous == null) {
            head = event;
        } else {
            event.previous.next = event;
        }
        if (event.next != null) {
            event.next.previous = event;
        }
    }
}
