package io.chordshare.placement;

import io.chordshare.placement.ViewChanges.ViewChange;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;

/** Access to parts of placement for the simulator only. */
public final class PlacementTestAccess {

    private PlacementTestAccess() {}

    /**
     * Tries once to have the newest view that this node knows of a slot followed by one of these members. Any node may
     * propose anything: that the owner proposes what the ring wants is no matter of safety.
     *
     * @param learning whether new members learn before, as they must where bytes are not in the records
     */
    public static void propose(Placement placement, int slot, List<Peer> members, boolean learning) {
        ViewChanges changes = part(placement, "changes", ViewChanges.class);
        List<ViewChange> change = placement.known(slot).filter(present -> !present.says(members)).stream()
                .map(present -> ViewChange.to(present, members)).toList();
        if (change.isEmpty()) {
            return;
        }
        if (!learning) {
            part(changes, "proposer", ViewProposer.class).propose(change);
            return;
        }
        try {
            Method learnAndPropose = ViewChanges.class.getDeclaredMethod("learnAndPropose", List.class);
            learnAndPropose.setAccessible(true);
            learnAndPropose.invoke(changes, change);
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof PeerException)) {
                throw new IllegalStateException(e.getCause());
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("changes of views are made in another way now", e);
        }
    }

    /** A claim that a majority of the members of a view is lost, and this one is left. */
    public static PlacementRequest.RecoverViews recovered(View present, Peer left) {
        return PlacementRequest.RecoverViews.of(List.of(present.recovered(List.of(left), 1)), false);
    }

    private static <P> P part(Object whole, String name, Class<P> type) {
        try {
            Field field = whole.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return type.cast(field.get(whole));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(whole.getClass().getSimpleName() + " has no part " + name + " now", e);
        }
    }
}
