package io.chordshare.simulation;

import org.junit.jupiter.api.Test;

/** After any faults, the nodes become one ring; see {@link Campaign} for more seeds. */
class WildCampaignTest {

    private static final int SEEDS_IN_A_BUILD = 40;

    @Test
    void whatever_happened_every_pointer_becomes_right_again() throws Exception {
        Campaign.of(FaultPlan.Mode.WILD, SEEDS_IN_A_BUILD).run();
    }
}
