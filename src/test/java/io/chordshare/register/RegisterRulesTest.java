package io.chordshare.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.id.ChordId;
import io.chordshare.register.RegisterStore.SlotDigest;
import io.chordshare.register.RegisterStore.SlotLine;
import io.chordshare.register.RegisterStore.StepAnswer;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.Version;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a replica answers follows from what it keeps. */
class RegisterRulesTest {

    private static final Register WRITTEN = new Register(plain(5), Version.NONE, true);

    @Test
    void a_promise_must_be_above_what_is_promised_and_accepted() {
        assertThat(RegisterRules.promise(WRITTEN, version(5)).status()).isEqualTo(RegisterStatus.PROMISED_HIGHER);
        Register promised = kept(RegisterRules.promise(WRITTEN, version(7)));
        assertThat(promised.promised()).isEqualTo(version(7));
        assertThat(promised.accepted()).isEqualTo(version(5));
        assertThat(RegisterRules.promise(promised, version(6)).status()).isEqualTo(RegisterStatus.PROMISED_HIGHER);
        assertThat(RegisterRules.promise(promised, version(7)).status()).isEqualTo(RegisterStatus.PROMISED_HIGHER);
    }

    @Test
    void a_record_below_a_promise_is_refused_also_where_a_newer_one_is_accepted() {
        Register promised = kept(RegisterRules.promise(WRITTEN, version(7)));
        assertThat(write(promised, plain(6)).status()).isEqualTo(RegisterStatus.PROMISED_HIGHER);
        assertThat(write(promised, plain(4)).status()).isEqualTo(RegisterStatus.PROMISED_HIGHER);
        assertThat(write(promised, plain(5)).status()).as("the same again").isEqualTo(RegisterStatus.DONE);
        assertThat(kept(write(promised, plain(8))).accepted()).isEqualTo(version(8));
    }

    @Test
    void a_plain_record_below_a_plain_one_counts_as_overwritten() {
        assertThat(write(WRITTEN, plain(4))).isEqualTo(StepAnswer.unchanged(RegisterStatus.NEWER, WRITTEN));
    }

    @Test
    void a_record_that_was_promised_for_brings_its_promise_along() {
        Register accepted = kept(write(WRITTEN, plain(9).of(version(9), version(5))));
        assertThat(accepted.promised()).isEqualTo(version(9));
        assertThat(write(accepted, plain(8)).status()).isEqualTo(RegisterStatus.PROMISED_HIGHER);
    }

    @Test
    void without_its_bytes_a_record_replaces_nothing_where_they_belong() {
        assertThat(RegisterRules.write(WRITTEN, plain(6), true, record -> false))
                .isEqualTo(StepAnswer.unchanged(RegisterStatus.INCOMPLETE, WRITTEN));
        assertThat(RegisterRules.merge(WRITTEN, new Register(plain(6), Version.NONE, true), false, true,
                record -> false))
                .isEqualTo(StepAnswer.unchanged(RegisterStatus.INCOMPLETE, WRITTEN));
        assertThat(kept(RegisterRules.write(WRITTEN, plain(6), false, record -> false)).complete()).isFalse();
    }

    @Test
    void a_member_that_serves_takes_no_record_below_its_promise_from_another() {
        Register promised = new Register(null, version(9), true);
        Register theirs = new Register(plain(6), Version.NONE, true);
        assertThat(RegisterRules.merge(promised, theirs, true, false, record -> true))
                .isEqualTo(StepAnswer.unchanged(RegisterStatus.PROMISED_HIGHER, promised));
    }

    @Test
    void a_new_member_takes_what_another_has_whatever_was_promised_and_its_promise_as_well() {
        Register promised = new Register(null, version(9), true);
        Register theirs = new Register(plain(6), version(12), true);
        Register merged = kept(RegisterRules.merge(promised, theirs, false, false, record -> true));
        assertThat(merged.accepted()).isEqualTo(version(6));
        assertThat(merged.promised()).isEqualTo(version(12));
        assertThat(RegisterRules.merge(merged, WRITTEN, false, false, record -> true).next()).as("older").isNull();
    }

    @Test
    void digests_agree_exactly_when_records_and_promises_do() {
        Register other = new Register(plain(6), version(7), true);
        SlotDigest one = SlotDigest.EMPTY.replacing(null, line("a", WRITTEN)).replacing(null, line("b", other));
        SlotDigest two = SlotDigest.EMPTY.replacing(null, line("b", other)).replacing(null, line("a", other))
                .replacing(line("a", other), line("a", WRITTEN));
        assertThat(one).isEqualTo(two);
        assertThat(one.replacing(line("a", WRITTEN), line("a", WRITTEN.promising(version(8))))).isNotEqualTo(one);
        assertThat(one.replacing(line("a", WRITTEN), null).replacing(line("b", other), null))
                .isEqualTo(SlotDigest.EMPTY);
    }

    private static StepAnswer write(Register now, FileRecord record) {
        return RegisterRules.write(now, record, false, bytes -> true);
    }

    private static Register kept(StepAnswer answer) {
        assertThat(answer.status()).isEqualTo(RegisterStatus.DONE);
        assertThat(answer.next()).isNotNull();
        return answer.next();
    }

    private static Version version(long counter) {
        return new Version(counter, "writer");
    }

    private static FileRecord plain(long counter) {
        byte[] bytes = {(byte) counter};
        return new FileRecord(ChordId.ofName("a").toString(), "a", 0, version(counter), false, 1, Sha256.of(bytes),
                "text/plain", Instant.EPOCH, new Copies(3), Content.inline(bytes));
    }

    private static SlotLine line(String name, Register register) {
        return SlotLine.of(ChordId.ofName(name).toString(), register);
    }
}
