package io.chordshare.placement;

import io.chordshare.runtime.Peer;
import java.util.List;

/**
 * One slot's step from its present view to another.
 *
 * @param present the view that decides
 * @param next    what may follow it
 */
record ViewChange(View present, View next) {

    ViewChange {
        if (present.slot() != next.slot() || next.number() != present.number() + 1
                || !present.hasMembers(next.previous())) {
            throw new IllegalArgumentException(next + " cannot follow " + present);
        }
    }

    static ViewChange to(View present, List<Peer> members) {
        return new ViewChange(present, present.next(members));
    }

    int slot() {
        return present.slot();
    }

    /** Changes with the same voters and the same new members are decided in the same messages. */
    List<List<Peer>> group() {
        return List.of(present.members(), next.members());
    }
}
