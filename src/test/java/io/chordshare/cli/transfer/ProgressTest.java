package io.chordshare.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private long now;

    private Progress progress(boolean draws, int columns) {
        return new Progress(new PrintStream(screen, true), draws, columns, () -> now);
    }

    private void halfOf(Progress progress, long total) {
        progress.begin(total, 0);
        now += TimeUnit.SECONDS.toNanos(1);
        progress.advance(total < 0 ? 5_000_000 : total / 2);
    }

    private List<String> lines() {
        return Stream.of(screen.toString().split("\r")).map(String::stripTrailing).filter(line -> !line.isEmpty())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 40, 80, 200})
    void a_bar_fits_its_terminal(int columns) {
        for (long total : new long[] {-1, 1_000, 10_000_000_000L}) {
            try (Progress progress = progress(true, columns)) {
                halfOf(progress, total);
            }
        }
        assertThat(lines()).hasSize(3).allMatch(line -> line.length() < columns);
        assertThat(lines().getFirst()).contains("5.0 MB");
        assertThat(lines().getLast()).startsWith(" 50%");
    }

    @Test
    void a_bar_says_how_much_how_fast_and_how_long() {
        halfOf(progress(true, 100), 2_000_000_000);
        assertThat(lines()).containsExactly(" 50% [" + "#".repeat(20) + "-".repeat(20)
                + "]  1.0 GB of 2.0 GB  1.0 GB/s  1 s");
    }

    @Test
    void it_is_drawn_some_times_a_second_and_taken_away_in_the_end() {
        try (Progress progress = progress(true, 80)) {
            progress.begin(1_000, 0);
            for (int i = 0; i < 1_000; i++) {
                now += TimeUnit.MILLISECONDS.toNanos(1);
                progress.advance(1);
            }
        }
        assertThat(lines()).hasSizeBetween(9, 10);
        assertThat(screen.toString()).endsWith(" \r");
    }

    @Test
    void where_nobody_looks_nothing_is_drawn() {
        try (Progress progress = progress(false, 0)) {
            halfOf(progress, 1_000);
            progress.show("text");
        }
        assertThat(screen.toString()).isEmpty();
    }

    @Test
    void what_was_there_before_does_not_count_as_fast() {
        Progress progress = progress(true, 100);
        progress.begin(2_000_000, 1_000_000);
        now += TimeUnit.SECONDS.toNanos(1);
        progress.advance(500_000);
        assertThat(lines()).singleElement().asString().startsWith(" 75%").endsWith("500 kB/s  1 s");
    }
}
