package io.chordshare.placement;

import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.DiskAnswer;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.PeerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All slots of the ring as this node knows them: its own states, in memory and on disk, and the newest view of every
 * slot. A change holds in memory first: a node that has accepted the next view stops serving before anybody hears of
 * it. What was activated holds once it is durable. Thread-safe.
 */
final class SlotTable {

    /** A disk that takes longer is not one that can vote. */
    private static final Duration SAVED_WITHIN = Duration.ofSeconds(5);

    private final NodeRuntime runtime;
    private final ViewStore store;
    private final Supplier<RingState> state;
    private final Function<String, Slots> slotsOf;
    private volatile Content content = Content.EMPTY;
    /** Slots of which a state could not be saved: they are saved again with the next change. */
    private final Set<Integer> unsaved = new TreeSet<>();
    private CompletableFuture<Void> lastSave = CompletableFuture.completedFuture(null);

    /** What belongs to one ring: it goes as a whole when this node enters another one. */
    private record Content(@Nullable String ring, Slots slots, AtomicReferenceArray<@Nullable SlotState> states,
                           AtomicReferenceArray<@Nullable View> newest, AtomicLongArray activated) {

        static final Content EMPTY = new Content(null, new Slots(Slots.DEFAULT_COUNT), 0);

        Content(@Nullable String ring, Slots slots, int count) {
            this(ring, slots, new AtomicReferenceArray<>(count), new AtomicReferenceArray<>(count),
                    new AtomicLongArray(count));
        }

        int count() {
            return states.length();
        }

        /** Whether the view is one of this ring and of a slot that the ring has. */
        boolean has(View view) {
            return view.ring().equals(ring) && view.slot() < count();
        }
    }

    /** @param slotsOf how many slots a ring with this id has */
    SlotTable(NodeRuntime runtime, ViewStore store, Supplier<RingState> state, Function<String, Slots> slotsOf) {
        this.runtime = runtime;
        this.store = store;
        this.state = state;
        this.slotsOf = slotsOf;
    }

    /** The ring whose slots these are; null while this node is in none. */
    @Nullable String ring() {
        return content.ring();
    }

    /** @throws IllegalStateException while this node is in no ring */
    String requireRing() {
        String ring = content.ring();
        if (ring == null) {
            throw new IllegalStateException("this node is in no ring");
        }
        return ring;
    }

    /**
     * This node is in this ring: what it keeps of the ring's slots is read from the disk. What it keeps of another ring
     * is no part of the table any more.
     *
     * @param founds whether this node has made the ring
     */
    void enter(String ring, boolean founds) {
        Slots slots = slotsOf.apply(ring);
        Content entered = new Content(ring, slots, slots.count());
        for (SlotState saved : store.enter(ring, slots, founds)) {
            slots.check(saved.slot());
            entered.states().set(saved.slot(), saved);
            entered.newest().set(saved.slot(), saved.view());
            entered.activated().set(saved.slot(), saved.activated());
        }
        synchronized (this) {
            // the ring may have changed meanwhile
            if (ring.equals(state.get().ringId())) {
                forgetUnsaved();
                content = entered;
            }
        }
    }

    /** This node is in this ring no more. From now on it serves nothing. */
    synchronized void leave() {
        forgetUnsaved();
        content = Content.EMPTY;
    }

    Slots slots() {
        return content.slots();
    }

    /** How many slots there are; 0 while this node is in no ring. */
    int count() {
        return content.count();
    }

    /** This node's id. It does not change while the node is a member of a view. */
    ChordId self() {
        return state.get().self().id();
    }

    boolean isEmpty() {
        Content now = content;
        for (int slot = 0; slot < now.count(); slot++) {
            if (now.newest().get(slot) != null) {
                return false;
            }
        }
        return true;
    }

    /** What this node keeps of a slot; empty when it never was to be a member. */
    Optional<SlotState> state(int slot) {
        Content now = content;
        return Optional.ofNullable(slot < now.count() ? now.states().get(slot) : null);
    }

    /** The newest view that this node has heard of. It may be an old one. */
    Optional<View> newest(int slot) {
        Content now = content;
        return Optional.ofNullable(slot < now.count() ? now.newest().get(slot) : null);
    }

    /** Whether a view is one of this ring, and newer than what this node has heard of. */
    boolean isNews(View view) {
        Content now = content;
        View known = now.has(view) ? now.newest().get(view.slot()) : null;
        return now.has(view) && (known == null || known.number() < view.number());
    }

    /** The last view in which this node has answered requests, durably; 0 for none. */
    long activated(int slot) {
        Content now = content;
        return slot < now.count() ? now.activated().get(slot) : 0;
    }

    /** Whether this node answers requests that name this view. */
    boolean serves(int slot, long number) {
        Content now = content;
        SlotState known = slot < now.count() ? now.states().get(slot) : null;
        return known != null && known.view().number() == number && !known.sealed() && known.view().has(self())
                && now.activated().get(slot) == number;
    }

    /** Whether this node answers no more requests in this view: it knows or has accepted a later one. */
    boolean isOver(int slot, long number) {
        SlotState known = state(slot).orElse(null);
        return known != null && (known.view().number() > number || known.view().number() == number && known.sealed());
    }

    /**
     * Takes decided views up. The newer one of a slot stays. Nothing is awaited.
     *
     * @return the slots of which the view is news
     */
    synchronized List<Integer> learn(List<View> decided) {
        Content now = content;
        List<SlotState> changed = new ArrayList<>();
        List<Integer> news = new ArrayList<>();
        for (View view : decided) {
            if (!now.has(view)) {
                continue;
            }
            View known = now.newest().get(view.slot());
            if (known != null && known.number() >= view.number()) {
                continue;
            }
            news.add(view.slot());
            now.newest().set(view.slot(), view);
            SlotState before = now.states().get(view.slot());
            if (before != null || view.has(self())) {
                SlotState next = before == null ? SlotState.of(view) : before.following(view);
                now.states().set(view.slot(), next);
                changed.add(next);
            }
        }
        save(changed);
        return news;
    }

    /** Changes the states of the slots of these views, all in one write. Nothing is awaited. */
    synchronized void change(List<View> views, BiFunction<SlotState, View, SlotState> change) {
        Content now = content;
        List<SlotState> changed = new ArrayList<>();
        for (View view : views) {
            SlotState before = now.has(view) ? now.states().get(view.slot()) : null;
            SlotState next = before == null ? null : change.apply(before, view);
            if (next != null && !next.equals(before)) {
                now.states().set(view.slot(), next);
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
        Content now = content;
        views.stream().filter(now::has).forEach(view -> now.activated().set(view.slot(), 0));
        setActivated(views, false);
    }

    private void setActivated(List<View> views, boolean active) throws PeerException {
        Content now;
        synchronized (this) {
            now = content;
            List<SlotState> changed = new ArrayList<>();
            for (View view : views) {
                SlotState before = now.has(view) ? now.states().get(view.slot()) : null;
                if (before != null && before.view().number() == view.number()) {
                    SlotState next = before.activatedAt(active ? view.number() : 0);
                    now.states().set(view.slot(), next);
                    changed.add(next);
                }
            }
            save(changed);
        }
        awaitSaved();
        if (active) {
            views.stream().filter(now::has).forEach(view ->
                    now.activated().accumulateAndGet(view.slot(), view.number(), Math::max));
        }
    }

    private void save(List<SlotState> changed) {
        CompletableFuture<Void> before = lastSave;
        // looked at first: a save that has failed by now has noted its slots, and they are saved again below
        boolean isBeforeDone = before.isDone();
        Map<Integer, SlotState> states = new TreeMap<>();
        takeUnsaved().forEach(slot -> state(slot).ifPresent(saved -> states.put(slot, saved)));
        changed.forEach(saved -> states.put(saved.slot(), saved));
        if (states.isEmpty()) {
            return;
        }
        CompletableFuture<Void> noted = store.save(List.copyOf(states.values())).whenComplete((saved, failure) -> {
            if (failure != null) {
                remember(states.keySet());
            }
        });
        // one save may fail although a later one succeeds: who waits, waits for all that are under way
        lastSave = isBeforeDone ? noted : CompletableFuture.allOf(before, noted);
    }

    // with a lock of its own: the disk's thread calls, and must not wait for one that waits for the disk

    private void remember(Set<Integer> slots) {
        synchronized (unsaved) {
            unsaved.addAll(slots);
        }
    }

    private List<Integer> takeUnsaved() {
        synchronized (unsaved) {
            List<Integer> taken = List.copyOf(unsaved);
            unsaved.clear();
            return taken;
        }
    }

    private void forgetUnsaved() {
        lastSave = CompletableFuture.completedFuture(null);
        synchronized (unsaved) {
            unsaved.clear();
        }
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
