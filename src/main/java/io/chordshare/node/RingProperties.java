package io.chordshare.node;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the ring. The scheduler reads the periods too.
 *
 * @param successors      length of the successor list
 * @param stabilizeEvery  period of stabilization
 * @param fixFingersEvery period of refreshing some fingers
 * @param pingEvery       period of the failure detector
 */
@ConfigurationProperties("chordshare.ring")
record RingProperties(@DefaultValue("4") int successors, @DefaultValue("1s") Duration stabilizeEvery,
                      @DefaultValue("1s") Duration fixFingersEvery, @DefaultValue("1s") Duration pingEvery) {

    /**
     * A list of log2 N survives the death of half of all nodes. This is enough for four billion nodes, and fits in a
     * message.
     */
    static final int MAX_SUCCESSORS = 32;

    public RingProperties {
        SettingRules.requireBetween("chordshare.ring.successors", successors, 1, MAX_SUCCESSORS,
                "the list of successors keeps the ring together and goes into every answer to a neighbour.");
        Period.require("chordshare.ring.stabilize-every", stabilizeEvery);
        Period.require("chordshare.ring.fix-fingers-every", fixFingersEvery);
        Period.require("chordshare.ring.ping-every", pingEvery);
    }
}
