package io.chordshare.ring.detector;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import io.chordshare.ring.TestPeers;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a silent peer is suspected before it is declared dead. */
class SuspicionTest {

    private static final Duration SLOW_ROUND = Duration.ofSeconds(4);

    private final Suspicion suspicion = new Suspicion(TestPeers.peer(1));

    @ParameterizedTest
    @CsvSource({"0, 3", "1, 2", "2, 1", "3, 1"})
    void the_more_others_found_out_too_the_fewer_times_it_is_asked(int others, int rounds) {
        Set<ChordId> ids = others(others);
        for (int round = 1; round < rounds; round++) {
            suspicion.silent(SLOW_ROUND, ids);
            assertThat(suspicion.isOver(1)).as("after %d rounds", round).isFalse();
        }
        suspicion.silent(SLOW_ROUND, ids);
        assertThat(suspicion.isOver(1)).isTrue();
    }

    @Test
    void short_rounds_go_on_until_it_was_silent_for_long_enough_and_longer_in_bad_health() {
        for (int round = 0; round < 7; round++) {
            suspicion.silent(Duration.ofMillis(100), others(2));
        }
        assertThat(suspicion.isOver(1)).isFalse();
        suspicion.silent(Duration.ofMillis(100), others(2));
        assertThat(suspicion.isOver(1)).isTrue();
        assertThat(suspicion.isOver(2)).isFalse();
    }

    @Test
    void another_that_says_so_twice_counts_once() {
        suspicion.silent(SLOW_ROUND, others(1));
        suspicion.confirmedBy(others(1).iterator().next());
        assertThat(suspicion.isOver(1)).isFalse();
    }

    private static Set<ChordId> others(int count) {
        return IntStream.range(100, 100 + count).mapToObj(TestPeers::at).collect(Collectors.toSet());
    }
}
