package io.chordshare.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.console.EventLog.Batch;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventLogTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final EventLog log = new EventLog();

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            log.append(new NodeEvent.Repair(Instant.EPOCH, i));
        }
    }

    @Test
    void a_reader_gets_the_events_after_its_number_in_order() throws Exception {
        append(5);
        Batch batch = log.after(2, LONG);
        assertThat(batch.entries()).extracting(EventLog.Entry::number).containsExactly(3L, 4L, 5L);
        assertThat(batch.missed()).isFalse();
    }

    @Test
    void a_waiting_reader_is_woken_by_an_event() throws Exception {
        CompletableFuture<Batch> waiting = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                waiting.complete(log.after(0, LONG));
            } catch (InterruptedException e) {
                waiting.completeExceptionally(e);
            }
        });
        append(1);
        assertThat(waiting.get(20, TimeUnit.SECONDS).entries()).hasSize(1);
    }

    @Test
    void the_log_keeps_the_latest_and_tells_a_reader_that_it_missed_some() throws Exception {
        append(EventLog.CAPACITY + 10);
        Batch late = log.after(5, LONG);
        assertThat(late.missed()).isTrue();
        assertThat(late.entries()).hasSize(EventLog.CAPACITY);
        assertThat(log.after(10, LONG).missed()).isFalse();
    }

    @Test
    void a_wait_without_events_returns_none() throws Exception {
        append(1);
        assertThat(log.after(1, Duration.ofMillis(1)).entries()).isEmpty();
    }

    @Test
    void closing_ends_every_wait() throws Exception {
        log.close();
        assertThat(log.after(0, LONG).closed()).isTrue();
        append(1);
        assertThat(log.after(0, LONG).entries()).as("events before the end").hasSize(1);
    }
}
