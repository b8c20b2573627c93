package io.chordshare.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private static final long BYTES_PER_SECOND = 1000;

    private final Patience patience = new Patience(BYTES_PER_SECOND);
    private Duration now = Duration.ofSeconds(1000);

    @BeforeEach
    void grant() {
        patience.grant(Duration.ofSeconds(20));
    }

    @Test
    void a_client_at_the_least_rate_may_go_on_for_ever() throws SocketTimeoutException {
        for (int second = 0; second < 10_000; second++) {
            arrives(1000, Duration.ofSeconds(1));
        }
    }

    @Test
    void a_client_that_sends_a_byte_a_second_is_too_slow_after_the_patience() throws SocketTimeoutException {
        for (int second = 0; second < 20; second++) {
            arrives(1, Duration.ofSeconds(1));
        }
        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> arrives(1, Duration.ofSeconds(1)));
    }

    @Test
    void many_bytes_at_the_beginning_do_not_pay_for_a_long_pause() throws SocketTimeoutException {
        arrives(1_000_000_000, Duration.ofMillis(1));

        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> arrives(1, Duration.ofSeconds(21)));
    }

    @Test
    void a_pause_within_the_patience_is_earned_back() throws SocketTimeoutException {
        for (int minute = 0; minute < 100; minute++) {
            arrives(1, Duration.ofSeconds(19));
            arrives(30_000, Duration.ofSeconds(1));
        }
    }

    @Test
    void time_that_the_node_needs_itself_does_not_count() throws SocketTimeoutException {
        for (int block = 0; block < 100; block++) {
            arrives(1, Duration.ofMillis(1));
            now = now.plusSeconds(60);
        }
        patience.moved(0, now.toNanos());
        patience.pause();
        now = now.plusSeconds(60);
        patience.moved(1, now.toNanos());
        assertThat(patience.isWaiting()).isFalse();
    }

    /** The node finds no bytes, waits, and then finds {@code bytes}. */
    private void arrives(long bytes, Duration after) throws SocketTimeoutException {
        patience.moved(0, now.toNanos());
        assertThat(patience.isWaiting()).isTrue();
        now = now.plus(after);
        patience.moved(bytes, now.toNanos());
    }
}
