package io.chordshare.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import io.chordshare.register.Attempts.Fate;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.Version;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What has become of a writing that was tried, as far as it can be told. Each row of the table in registers.md. */
class AttemptsTest {

    private final Attempts attempts = new Attempts();

    AttemptsTest() {
        attempts.begin(version(10));
    }

    @Test
    void they_are_dead_when_a_majority_that_promised_has_nothing_or_something_below() {
        assertThat(attempts.fate(Optional.empty())).isEqualTo(Fate.DEAD);
        assertThat(attempts.fate(Optional.of(plain(9)))).isEqualTo(Fate.DEAD);
        assertThat(attempts.fate(Optional.of(promised(9, 4)))).isEqualTo(Fate.DEAD);
    }

    @Test
    void they_have_happened_when_the_writing_itself_is_there_or_what_replaced_it() {
        assertThat(attempts.fate(Optional.of(plain(10)))).isEqualTo(Fate.HAPPENED);
        assertThat(attempts.fate(Optional.of(plain(10).as(version(15))))).isEqualTo(Fate.HAPPENED);
        assertThat(attempts.fate(Optional.of(promised(15, 10)))).isEqualTo(Fate.HAPPENED);
    }

    @Test
    void they_are_dead_when_the_writer_of_what_is_there_promised_and_saw_only_what_is_below() {
        assertThat(attempts.fate(Optional.of(promised(15, 9)))).isEqualTo(Fate.DEAD);
        assertThat(attempts.fate(Optional.of(promised(15, 9).as(version(20))))).isEqualTo(Fate.DEAD);
        assertThat(attempts.fate(Optional.of(promised(15, 0)))).isEqualTo(Fate.DEAD);
    }

    @Test
    void they_are_dead_when_a_plain_record_from_below_was_copied_above_them() {
        assertThat(attempts.fate(Optional.of(plain(9).as(version(20))))).isEqualTo(Fate.DEAD);
    }

    @Test
    void nobody_can_say_when_something_above_was_written_that_may_have_come_after_them() {
        assertThat(attempts.fate(Optional.of(plain(15)))).isEqualTo(Fate.OVERWRITTEN_PERHAPS);
        assertThat(attempts.fate(Optional.of(promised(15, 12)))).isEqualTo(Fate.OVERWRITTEN_PERHAPS);
    }

    @Test
    void an_attempt_that_was_dead_once_may_have_come_back_until_something_is_written_above_it() {
        assertThat(attempts.fate(Optional.of(plain(9)))).isEqualTo(Fate.DEAD);
        attempts.begin(version(20));
        assertThat(attempts.fate(Optional.of(promised(25, 15)))).as("the one at 15 may have seen the one at 10")
                .isEqualTo(Fate.OVERWRITTEN_PERHAPS);
        assertThat(attempts.fate(Optional.of(plain(10)))).as("the first attempt itself").isEqualTo(Fate.HAPPENED);
        assertThat(attempts.fate(Optional.of(promised(25, 9)))).isEqualTo(Fate.DEAD);
        assertThat(attempts.first()).contains(version(10));
    }

    @Test
    void without_an_attempt_nothing_has_happened() {
        assertThat(new Attempts().exist()).isFalse();
        assertThat(new Attempts().fate(Optional.of(plain(15)))).isEqualTo(Fate.DEAD);
    }

    private static FileRecord promised(long counter, long seen) {
        return plain(counter).of(version(counter), seen == 0 ? Version.NONE : version(seen));
    }

    private static Version version(long counter) {
        return new Version(counter, "writer");
    }

    private static FileRecord plain(long counter) {
        byte[] bytes = {(byte) counter};
        return new FileRecord(ChordId.ofName("a").toString(), "a", 0, version(counter), false, 1, Sha256.of(bytes),
                "text/plain", Instant.EPOCH, new Copies(3), Content.inline(bytes));
    }
}
