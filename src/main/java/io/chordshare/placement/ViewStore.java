package io.chordshare.placement;

import io.chordshare.id.Slots;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Where a node keeps its slots: the port of placement to the disk. What is saved here and the steps that registers take
 * become durable in one order, that of the calls: a seal that is durable has everything before it that was accepted.
 */
public interface ViewStore {

    /**
     * This node is in this ring. What is kept of the slots of another ring is set aside, and with it the records there.
     *
     * @param founds whether this node has made the ring: then its records are those of the ring
     * @return the states of this ring that were saved and are durable, in order of slots
     */
    List<SlotState> enter(String ring, Slots slots, boolean founds);

    /**
     * Saves the states, each in the place of the one before, all or none. Calls take effect in their order.
     *
     * @return done when they are durable; failed when the disk fails, or another ring was entered
     */
    CompletableFuture<Void> save(List<SlotState> states);
}
