package io.chordshare.placement;

import java.time.Duration;

/**
 * What a person may set.
 *
 * @param members     nodes in a view; fewer in smaller rings
 * @param repairAfter how long a dead node keeps its place: most come back
 */
public record PlacementSettings(int members, Duration repairAfter) {

    public PlacementSettings {
        if (members < 1 || members > View.MAX_MEMBERS) {
            throw new IllegalArgumentException("a view has 1 to " + View.MAX_MEMBERS + " members, not " + members);
        }
    }
}
