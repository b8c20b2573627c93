package io.chordshare.placement;

import io.chordshare.runtime.PeerException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/** What is in the slots: the port of placement to the records, which are no business of views. */
public interface SlotContents {

    /**
     * Copies what the members of the present views have, and the bytes that this node holds in the next ones. Ends
     * early rather than late: it is called again.
     *
     * @param next views that may follow, with this node among their members
     * @return the slots of which nothing is missing here
     */
    Set<Integer> copy(List<View> next);

    /**
     * Gets what was acknowledged in the views before.
     *
     * @param views decided views, with this node among their members
     * @return the slots in which this node now has all that was acknowledged before the view
     */
    Set<Integer> catchUp(List<View> views);

    /** Whether all bytes that this node holds in the view are here. */
    boolean isWhole(View view);

    /** Why this node takes no copies of slots now; empty when it does. */
    Optional<String> problem();

    /** Whether nothing is here of a slot. */
    boolean isEmpty(int slot);

    /**
     * Forgets what is here of slots that others hold.
     *
     * @param unwanted asked again at the last moment: a node may become a member of the slot meanwhile
     */
    void drop(List<Integer> slots, IntPredicate unwanted);

    /**
     * Sets aside what is here of slots that were recovered without this node, to be imported.
     *
     * @param unwanted asked again at the last moment
     * @throws PeerException when the disk does not take it
     */
    void setAside(List<Integer> slots, IntPredicate unwanted) throws PeerException;
}
