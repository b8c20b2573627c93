package io.chordshare.node;

import java.time.Duration;

/** Limits for the periods of background work. */
final class Period {

    /** With a shorter period, a node and its peers would do little else. */
    private static final Duration SHORTEST = Duration.ofMillis(50);
    /** With a longer period, a death would stay unnoticed for minutes. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private Period() {}

    static void require(String name, Duration value) {
        SettingRules.requireBetween(name, value, SHORTEST, LONGEST,
                "the ring heals in a few of these periods, and each costs every node some messages.");
    }
}
