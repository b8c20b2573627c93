package io.chordshare.node;

import java.time.Duration;

/** Limits for the periods of background work. */
public final class Period {

    /** More often a node would do little else, and its peers with it. */
    private static final Duration SHORTEST = Duration.ofMillis(50);
    /** Less often a death would go unnoticed for minutes. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private Period() {}

    static void require(String name, Duration value) {
        SettingRules.requireBetween(name, value, SHORTEST, LONGEST,
                "the ring heals in a few of these periods, and each costs every node some messages.");
    }
}
