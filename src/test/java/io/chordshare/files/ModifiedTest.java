package io.chordshare.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ModifiedTest {

    private static final Instant SECOND = Instant.parse("2026-11-28T10:00:00Z");
    private static final Modified MODIFIED = new Modified(SECOND.plusMillis(500));
    /** Of a version that followed another one within the same second. */
    private static final Modified AT_ONCE = new Modified(SECOND);

    @Test
    void the_date_that_is_shown_is_never_later_than_now() {
        assertThat(MODIFIED.shown(SECOND.minusMillis(59_500))).isEqualTo(SECOND.minusSeconds(60));
        assertThat(MODIFIED.shown(SECOND.plusMillis(501))).isEqualTo(SECOND);
        assertThat(MODIFIED.shown(SECOND.plusSeconds(60))).isEqualTo(SECOND);
        assertThat(AT_ONCE.shown(SECOND.minusMillis(59_500))).isEqualTo(SECOND.minusSeconds(60));
        assertThat(AT_ONCE.shown(SECOND.minusMillis(1))).isEqualTo(SECOND.minusSeconds(1));
    }

    @Test
    void the_date_of_an_immediate_successor_is_shown_when_its_second_is_over() {
        assertThat(AT_ONCE.shown(SECOND.plusMillis(1_999))).isEqualTo(SECOND.minusSeconds(1));
        assertThat(AT_ONCE.shown(SECOND.plusSeconds(2))).isEqualTo(SECOND);
    }

    @Test
    void a_date_sent_while_the_writers_clock_is_ahead_never_means_unchanged() {
        for (Modified modified : new Modified[] {MODIFIED, AT_ONCE}) {
            Instant given = modified.shown(SECOND.minusSeconds(60));
            for (int later = -60; later < 120; later++) {
                assertThat(modified.isClearlyNotAfter(given, SECOND.plusSeconds(later))).isFalse();
                assertThat(modified.is(given, SECOND.plusSeconds(later))).isFalse();
            }
            assertThat(modified.isNotAfter(given)).isFalse();
        }
    }

    @Test
    void a_date_counts_only_when_the_change_is_clearly_older() {
        assertThat(MODIFIED.is(SECOND, SECOND.plusMillis(1_999))).isFalse();
        assertThat(MODIFIED.isClearlyNotAfter(SECOND, SECOND.plusMillis(1_999))).isFalse();
        assertThat(MODIFIED.is(SECOND, SECOND.plusSeconds(2))).isTrue();
        assertThat(MODIFIED.isClearlyNotAfter(SECOND, SECOND.plusSeconds(2))).isTrue();
        assertThat(MODIFIED.isClearlyNotAfter(SECOND.plusSeconds(9), SECOND.plusSeconds(2))).isTrue();
    }

    @Test
    void only_exactly_the_same_second_continues_a_download() {
        Instant now = SECOND.plusSeconds(60);
        assertThat(MODIFIED.is(SECOND.plusSeconds(1), now)).isFalse();
        assertThat(MODIFIED.is(SECOND.minusSeconds(1), now)).isFalse();
    }
}
