package io.chordshare.placement;

import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.runtime.DiskAnswer;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All slots as this node knows them: its own states, in memory and on disk, and the newest view of every slot. A change
 * holds in memory first: a node that has accepted the next view stops serving before anybody hears of it. What was
 * activated holds once it is durable. Thread-safe.
 */
final class SlotTable {

    /** A disk that takes longer is not one that can vote. */
    private static final Duration SAVED_WITHIN = Duration.ofSeconds(5);

    private final NodeRuntime runtime;
    private final ViewStore store;
    private final Supplier<ChordId> self;
    private final int count;
    private final AtomicReferenceArray<@Nullable SlotState> states;
    private final AtomicReferenceArray<@Nullable View> newest;
    private final AtomicLongArray activated;
    /** Slots of which a state could not be saved: they are saved again with the next change. */
    private final Set<Integer> unsaved = new TreeSet<>();
    private CompletableFuture<Void> lastSave = CompletableFuture.completedFuture(null);

    SlotTable(NodeRuntime runtime, ViewStore store, Supplier<ChordId> self, Slots slots) {
        this.runtime = runtime;
        this.store = store;
        this.self = self;
        count = slots.count();
        states = new AtomicReferenceArray<>(count);
        newest = new AtomicReferenceArray<>(count);
        activated = new AtomicLongArray(count);
        for (SlotState state : store.load()) {
            slots.check(state.slot());
            states.set(state.slot(), state);
            newest.set(state.slot(), state.view());
            activated.set(state.slot(), state.activated());
        }
    }

    int count() {
        return count;
    }

    /** This node's id. It does not change while the node is a member of a view. */
    ChordId self() {
        return self.get();
    }

    boolean isEmpty() {
        for (int slot = 0; slot < count; slot++) {
            if (newest.get(slot) != null) {
                return false;
            }
        }
        return true;
    }

    /** What this node keeps of a slot; empty when it never was to be a member. */
    Optional<SlotState> state(int slot) {
        return Optional.ofNullable(slot < count ? states.get(slot) : null);
    }

    /** The newest view that this node has heard of. It may be an old one. */
    Optional<View> newest(int slot) {
        return Optional.ofNullable(slot < count ? newest.get(slot) : null);
    }

    /** The last view in which this node has answered requests, durably; 0 for none. */
    long activated(int slot) {
        return slot < count ? activated.get(slot) : 0;
    }

    /** Whether this node answers requests that name this view. */
    boolean serves(int slot, long number) {
        SlotState state = slot < count ? states.get(slot) : null;
        return state != null && state.view().number() == number && !state.sealed() && state.view().has(self())
                && activated.get(slot) == number;
    }

    /** Whether this node answers no more requests in this view: it knows or has accepted a later one. */
    boolean isOver(int slot, long number) {
        SlotState state = slot < count ? states.get(slot) : null;
        return state != null && (state.view().number() > number || state.view().number() == number && state.sealed());
    }

    /**
     * Takes decided views up. The newer one of a slot stays. Nothing is awaited.
     *
     * @return the slots of which the view is news
     */
    synchronized List<Integer> learn(List<View> decided) {
        List<SlotState> changed = new ArrayList<>();
        List<Integer> news = new ArrayList<>();
        for (View view : decided) {
            if (view.slot() >= count) {
                continue;
            }
            View known = newest.get(view.slot());
            if (known != null && known.number() >= view.number()) {
                continue;
            }
            news.add(view.slot());
            newest.set(view.slot(), view);
            SlotState before = states.get(view.slot());
            if (before != null || view.has(self())) {
                SlotState next = before == null ? SlotState.of(view) : before.following(view);
                states.set(view.slot(), next);
                changed.add(next);
            }
        }
        save(changed);
        return news;
    }

    /** Changes the states of the slots of these views, all in one write. Nothing is awaited. */
    synchronized void change(List<View> views, BiFunction<SlotState, View, SlotState> change) {
        List<SlotState> changed = new ArrayList<>();
        for (View view : views) {
            SlotState before = view.slot() < count ? states.get(view.slot()) : null;
            SlotState next = before == null ? null : change.apply(before, view);
            if (next != null && !next.equals(before)) {
                states.set(view.slot(), next);
                changed.add(next);
            }
        }
        save(changed);
    }

    /** From now on this node answers in these views, those that are still the newest. Returns when that is durable. */
    void activate(List<View> views) throws PeerException {
        setActivated(views, true);
    }

    /** This node has dropped what it had in these slots, or is about to. Returns when that is durable. */
    void forgetActivation(List<View> views) throws PeerException {
        views.forEach(view -> activated.set(view.slot(), 0));
        setActivated(views, false);
    }

    private void setActivated(List<View> views, boolean active) throws PeerException {
        synchronized (this) {
            List<SlotState> changed = new ArrayList<>();
            for (View view : views) {
                SlotState before = states.get(view.slot());
                if (before != null && before.view().number() == view.number()) {
                    SlotState next = before.activatedAt(active ? view.number() : 0);
                    states.set(view.slot(), next);
                    changed.add(next);
                }
            }
            save(changed);
        }
        awaitSaved();
        if (active) {
            views.forEach(view -> activated.accumulateAndGet(view.slot(), view.number(), Math::max));
        }
    }

    private void save(List<SlotState> changed) {
        if (changed.isEmpty() && unsaved.isEmpty()) {
            return;
        }
        Map<Integer, SlotState> states = new TreeMap<>();
        unsaved.forEach(slot -> states.put(slot, Objects.requireNonNull(this.states.get(slot))));
        changed.forEach(state -> states.put(state.slot(), state));
        unsaved.clear();
        lastSave = store.save(List.copyOf(states.values()));
        lastSave.whenComplete((saved, failure) -> {
            if (failure != null) {
                remember(states.keySet());
            }
        });
    }

    private synchronized void remember(Set<Integer> slots) {
        unsaved.addAll(slots);
    }

    /** The last save; where one has failed, another try. */
    private synchronized CompletableFuture<Void> lastSave() {
        save(List.of());
        return lastSave;
    }

    /**
     * Waits until every change so far is durable.
     *
     * @throws PeerException when the disk does not take it
     */
    void awaitSaved() throws PeerException {
        DiskAnswer.await(runtime, lastSave(), SAVED_WITHIN);
    }
}
