package io.chordshare.storage.blocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.storage.error.TooManyUploadsException;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.UploadId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads that never end take little memory, and never block new uploads for good. */
class PinsTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Pins pins = new Pins(nanos::get);

    private static Sha256 hash(long number) {
        return Sha256.fromBytes(ByteBuffer.allocate(Sha256.LENGTH).putLong(number + 1).array());
    }

    private void open(int uploads) {
        for (int i = 0; i < uploads; i++) {
            pins.admit("upload-" + i);
            pins.pin("upload-" + i, hash(i));
        }
    }

    @Test
    void at_the_limit_new_uploads_are_refused_and_open_ones_continue() {
        open(Pins.MAX_UPLOADS);
        assertThatThrownBy(() -> pins.admit("one-more")).isInstanceOf(TooManyUploadsException.class);
        assertThatThrownBy(() -> pins.pin("one-more", hash(-1))).isInstanceOf(TooManyUploadsException.class);
        pins.admit("upload-7");
        pins.pin("upload-7", hash(7777));
        assertThat(pins.isPinned(hash(7777))).isTrue();
        pins.remove("upload-3");
        pins.admit("one-more");
        pins.pin("one-more", hash(-1));
    }

    @Test
    void a_long_silent_upload_is_dropped_for_a_new_one_and_an_active_one_is_not() {
        open(Pins.MAX_UPLOADS);
        nanos.addAndGet(Pins.DROPPED_AFTER.toNanos());
        for (int i = 0; i < Pins.MAX_UPLOADS; i++) {
            if (i != 5) {
                pins.touch("upload-" + i);
            }
        }
        assertThat(pins.admit("one-more")).hasValueSatisfying(gone ->
                assertThat(gone.contains(Pins.prefix(hash(5)))).isTrue());
        pins.pin("one-more", hash(-1));
        assertThat(pins.isPinned(hash(5))).isFalse();
        assertThat(pins.isPinned(hash(6))).isTrue();
        assertThatThrownBy(() -> pins.admit("another")).isInstanceOf(TooManyUploadsException.class);
    }

    @Test
    void all_uploads_together_pin_at_most_as_many_blocks_as_the_largest_file_has() {
        for (int i = 0; i < Pins.MAX_HASHES; i++) {
            pins.pin("upload-" + i % 3, hash(i));
        }
        assertThatThrownBy(() -> pins.admit("upload-0")).isInstanceOf(TooManyUploadsException.class);
        pins.remove("upload-1");
        pins.admit("upload-0");
        pins.pin("upload-0", hash(-1));
    }

    @Test
    void a_block_that_is_put_twice_counts_once() {
        for (int i = 0; i < Pins.MAX_HASHES + 1; i++) {
            pins.pin("upload", hash(1));
        }
        pins.admit("upload");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "a.b", "ä", "a\nb", "a%20"})
    void an_upload_id_has_only_letters_digits_hyphens_and_underscores(String id) {
        assertThatThrownBy(() -> UploadId.check(id)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_upload_id_has_at_most_64_characters() {
        char[] letters = new char[64];
        Arrays.fill(letters, 'x');
        assertThat(UploadId.check(new String(letters))).hasSize(64);
        assertThatThrownBy(() -> UploadId.check(new String(letters) + "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
