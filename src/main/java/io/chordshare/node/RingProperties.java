package io.chordshare.node;

import io.chordshare.id.Slots;
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
 * @param slots           what a ring that this node founds is cut into; a ring that it joins has its own number
 */
@ConfigurationProperties("chordshare.ring")
record RingProperties(@DefaultValue("4") int successors, @DefaultValue("1s") Duration stabilizeEvery,
                      @DefaultValue("1s") Duration fixFingersEvery, @DefaultValue("1s") Duration pingEvery,
                      @DefaultValue("4096") int slots) {

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
        try {
            new Slots(slots);
        } catch (IllegalArgumentException e) {
            throw SettingRules.refused("chordshare.ring.slots", slots, e, "Set it to a power of two such as 4096 (the"
                    + " default), at least four times the number of nodes that the ring may ever have.");
        }
    }
}
