package io.chordshare.placement;

import io.chordshare.placement.PlacementRequest.SlotReport;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops what this node has of slots that it is no longer a member of: only when every member of the newest view says
 * that it answers in that view and holds all its bytes. Copies that never counted, since this node was only about to
 * become a member, go as well.
 */
final class SlotDrops {

    private static final Logger log = LoggerFactory.getLogger(SlotDrops.class);

    /** A copy that was made for a view that did not come is dropped then. */
    private static final Duration KEEPS_WHAT_IT_LEARNED = Duration.ofSeconds(30);

    private final NodeRuntime runtime;
    private final SlotTable table;
    private final SlotContents contents;
    private final ViewReminder reminder;
    /** At most one entry for each slot. */
    private final Map<Integer, Duration> learnedAt = new TreeMap<>();
    private volatile int waiting;

    SlotDrops(NodeRuntime runtime, SlotTable table, SlotContents contents, ViewReminder reminder) {
        this.runtime = runtime;
        this.table = table;
        this.contents = contents;
        this.reminder = reminder;
    }

    /** Slots that this node still has for others. */
    int waiting() {
        return waiting;
    }

    /** This node copies a slot that it is not a member of yet. */
    void noteLearning(List<View> next) {
        Duration now = runtime.uptime();
        synchronized (learnedAt) {
            next.stream().filter(view -> view.slot() < table.count())
                    .forEach(view -> learnedAt.put(view.slot(), now));
        }
    }

    void run() {
        List<View> others = new ArrayList<>();
        List<Integer> leftovers = new ArrayList<>();
        List<Integer> old = new ArrayList<>();
        for (int slot = 0; slot < table.count(); slot++) {
            if (!isUnwanted(slot)) {
                continue;
            }
            if (table.newest(slot).filter(this::isFromBefore).isPresent()) {
                old.add(slot);
            } else if (table.activated(slot) > 0) {
                table.newest(slot).ifPresent(others::add);
            } else if (!contents.isEmpty(slot) && !isLearning(slot)) {
                leftovers.add(slot);
            }
        }
        waiting = others.size() + leftovers.size() + old.size();
        if (!old.isEmpty()) {
            setAside(old);
        }
        if (!leftovers.isEmpty()) {
            contents.drop(leftovers, this::isUnwanted);
        }
        Map<List<Peer>, List<View>> groups = new LinkedHashMap<>();
        others.forEach(view -> groups.computeIfAbsent(view.members(), key -> new ArrayList<>()).add(view));
        groups.values().forEach(group -> {
            for (int from = 0; from < group.size(); from += PlacementRequest.MAX_SLOTS) {
                drop(group.subList(from, Math.min(from + PlacementRequest.MAX_SLOTS, group.size())));
            }
        });
    }

    /**
     * Whether this node has counted in a view before a recovery that took place without it. What it has then may be
     * newer than what was left there, and nobody has taken it into account.
     */
    boolean isFromBefore(View view) {
        long activated = table.activated(view.slot());
        return activated > 0 && View.epoch(activated) < view.epoch();
    }

    private void setAside(List<Integer> slots) {
        List<View> views = slots.stream().flatMap(slot -> table.newest(slot).stream()).toList();
        try {
            // the other order than with drops: records that do not count any more must not be there without a mark
            contents.setAside(slots, this::isUnwanted);
            table.forgetActivation(views.stream().filter(view -> isUnwanted(view.slot())).toList());
            log.warn("{} slots were recovered without this node: what it has of them is imported", slots.size());
        } catch (PeerException e) {
            log.warn("{} slots that were recovered without this node wait: {}", slots.size(), e.getMessage());
        }
    }

    private boolean isUnwanted(int slot) {
        return table.newest(slot).filter(view -> !view.has(table.self())).isPresent();
    }

    boolean isLearning(int slot) {
        synchronized (learnedAt) {
            Duration at = learnedAt.get(slot);
            return at != null && runtime.uptime().minus(at).compareTo(KEEPS_WHAT_IT_LEARNED) < 0;
        }
    }

    private void drop(List<View> views) {
        List<Peer> members = views.getFirst().members();
        List<List<SlotReport>> answers = reminder.ask(views, members);
        List<View> confirmed = new ArrayList<>();
        for (int i = 0; i < views.size(); i++) {
            View view = views.get(i);
            int index = i;
            long holding = answers.stream().map(reports -> reports.get(index))
                    .filter(report -> report.whole() && report.activated() == view.number()).count();
            if (holding == members.size()) {
                confirmed.add(view);
            }
        }
        if (!confirmed.isEmpty()) {
            forget(confirmed);
        }
    }

    private void forget(List<View> views) {
        try {
            // first of the two: what this node has must not count once a part of it is gone
            table.forgetActivation(views);
            contents.drop(views.stream().map(View::slot).toList(), this::isUnwanted);
        } catch (PeerException e) {
            log.warn("{} slots that others hold stay here: {}", views.size(), e.getMessage());
        }
    }
}
