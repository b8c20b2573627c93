package io.chordshare.placement;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Where a node keeps its slots: the port of placement to the disk. What is saved here and the steps that registers take
 * become durable in one order, that of the calls: a seal that is durable has everything before it that was accepted.
 */
public interface ViewStore {

    /** Everything that was saved and is durable, in order of slots. */
    List<SlotState> load();

    /**
     * Saves the states, each in the place of the one before, all or none. Calls take effect in their order.
     *
     * @return done when they are durable; failed when the disk fails
     */
    CompletableFuture<Void> save(List<SlotState> states);
}
