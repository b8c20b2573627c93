package io.chordshare.placement;

import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this node answer in the views that it has become a member of: first it gets what was acknowledged in the views
 * before, then it says so on disk, and only then it answers.
 */
final class Activation {

    private static final Logger log = LoggerFactory.getLogger(Activation.class);

    private static final Duration TRIES_AGAIN_AFTER = Duration.ofMillis(100);
    /** Less than one who has told this node of a decision waits for an answer. */
    private static final Duration WAITS_FOR = Duration.ofSeconds(2);
    /** Then the next tick goes on. */
    private static final int MAX_FRUITLESS = 5;

    private final NodeRuntime runtime;
    private final SlotTable table;
    private final SlotContents contents;
    /** Slots for which this node catches up just now. */
    private final Set<Integer> underWay = new TreeSet<>();
    private volatile int waiting;

    Activation(NodeRuntime runtime, SlotTable table, SlotContents contents) {
        this.runtime = runtime;
        this.table = table;
        this.contents = contents;
    }

    /** Slots in which this node is a member and does not answer yet. */
    int waiting() {
        return waiting;
    }

    void run() {
        int fruitless = 0;
        List<View> inactive = inactive();
        while (!inactive.isEmpty() && fruitless < MAX_FRUITLESS) {
            boolean progress = false;
            for (int from = 0; from < inactive.size(); from += PlacementRequest.MAX_SLOTS) {
                progress |= activateAll(inactive.subList(from,
                        Math.min(from + PlacementRequest.MAX_SLOTS, inactive.size())));
            }
            if (!progress) {
                fruitless++;
                runtime.sleep(TRIES_AGAIN_AFTER);
            }
            inactive = inactive();
        }
    }

    private List<View> inactive() {
        List<View> inactive = new ArrayList<>();
        for (int slot = 0; slot < table.count(); slot++) {
            long activated = table.activated(slot);
            table.state(slot).map(SlotState::view)
                    .filter(view -> view.has(table.self()) && view.number() != activated).ifPresent(inactive::add);
        }
        waiting = inactive.size();
        return inactive;
    }

    /**
     * Tries once, at once, for views that were decided just now, and waits a moment for the end of it.
     *
     * @param decided at most {@link PlacementRequest#MAX_SLOTS}
     * @return whether this node answers now in all of them in which it is a member
     */
    boolean activate(List<View> decided) {
        List<View> inactive = decided.stream().filter(this::isInactive).toList();
        if (inactive.isEmpty()) {
            return true;
        }
        CompletableFuture<Void> tried = new CompletableFuture<>();
        runtime.start("activate slots that were decided", () -> {
            try {
                activateAll(inactive);
            } finally {
                tried.complete(null);
            }
        });
        return runtime.await(tried, WAITS_FOR) && inactive.stream().noneMatch(this::isInactive);
    }

    /** Whether this node is a member in this view, knows no later one, and does not answer in it. */
    private boolean isInactive(View view) {
        return view.has(table.self()) && view.number() != table.activated(view.slot())
                && table.state(view.slot()).map(SlotState::view).filter(view::equals).isPresent();
    }

    private boolean activateAll(List<View> views) {
        List<View> free = take(views);
        try {
            return !free.isEmpty() && activateThese(free);
        } finally {
            giveBack(free);
        }
    }

    /** Those for which nothing else is under way here. */
    private List<View> take(List<View> views) {
        synchronized (underWay) {
            return views.stream().filter(view -> underWay.add(view.slot())).toList();
        }
    }

    private void giveBack(List<View> views) {
        synchronized (underWay) {
            views.forEach(view -> underWay.remove(view.slot()));
        }
    }

    private boolean activateThese(List<View> views) {
        Set<Integer> caughtUp = contents.catchUp(views);
        List<View> ready = views.stream().filter(view -> caughtUp.contains(view.slot())).toList();
        if (ready.isEmpty()) {
            return false;
        }
        try {
            table.activate(ready);
            return true;
        } catch (PeerException e) {
            log.warn("{} slots stay inactive: {}", ready.size(), e.getMessage());
            return false;
        }
    }
}
