package io.chordshare.simulation;

import org.junit.jupiter.api.Test;

/** The promises of Zave's theorem hold at every moment; see {@link Campaign} for more seeds. */
class SafeCampaignTest {

    private static final int SEEDS_IN_A_BUILD = 60;

    @Test
    void while_failures_are_those_that_were_presumed_every_invariant_holds_all_the_time() throws Exception {
        Campaign.of(FaultPlan.Mode.SAFE, SEEDS_IN_A_BUILD).run();
    }
}
