package io.chordshare.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.replication.NextRecord.Before;
import io.chordshare.storage.model.Version;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NextRecordTest {

    @Test
    void a_first_record_has_the_clock_of_its_writer() {
        assertThat(after("10:00:00.123456789")).isEqualTo(time("10:00:00.123"));
        // a whole second would mean something else
        assertThat(after("10:00:00.000")).isEqualTo(time("10:00:00.001"));
    }

    @Test
    void a_record_that_follows_later_has_the_clock_of_its_writer() {
        assertThat(after("10:00:01.123", by("another", "10:00:00.999"), by("own", "09:00:00")))
                .isEqualTo(time("10:00:01.123"));
        assertThat(after("10:00:02.123", by("own", "10:00:01"))).isEqualTo(time("10:00:02.123"));
    }

    @Test
    void a_record_that_follows_within_the_second_is_dated_into_the_next() {
        assertThat(after("10:00:00.500", by("another", "10:00:00.001"))).isEqualTo(time("10:00:01"));
        assertThat(after("10:00:00.500", by("own", "10:00:00.999"), by("own", "09:00:00"))).isEqualTo(time("10:00:01"));
        assertThat(after("10:00:01.500", by("own", "10:00:01"))).isEqualTo(time("10:00:02"));
    }

    @Test
    void many_records_of_one_writer_within_a_second_do_not_run_ahead() {
        assertThat(after("10:00:00.600", by("own", "10:00:01"))).isEqualTo(time("10:00:01"));
    }

    @Test
    void what_another_clock_has_dated_ahead_may_have_been_told_already() {
        assertThat(after("10:00:00.600", by("another", "10:00:01"))).isEqualTo(time("10:00:02"));
        assertThat(after("10:00:00.600", by("own", "10:00:01.001"))).isEqualTo(time("10:00:02"));
        assertThat(after("10:00:00.600", by("own", "10:00:02"))).isEqualTo(time("10:00:03"));
    }

    @Test
    void a_writer_whose_clock_is_behind_writes_no_earlier_date_than_the_one_before() {
        assertThat(after("10:00:00.600", by("another", "11:30:00.5"), by("own", "11:30:07.5")))
                .isEqualTo(time("11:30:08"));
    }

    @Test
    void a_date_beyond_all_calendars_ends_nothing() {
        assertThat(after("10:00:00", new Before(Instant.MAX, false))).isEqualTo(Instant.MAX);
    }

    private static Instant after(String now, Before... before) {
        return NextRecord.after(Version.NONE.next("own:1"), time(now), List.of(before)).modified();
    }

    private static Before by(String writer, String modified) {
        return new Before(time(modified), writer.equals("own"));
    }

    private static Instant time(String time) {
        return Instant.parse("2026-11-28T" + time + "Z");
    }
}
