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

/** However many uploads are begun and never ended, they take little memory and keep nobody out for good. */
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
    void beyond_so_many_open_uploads_another_is_refused_and_those_there_are_go_on() {
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
    void an_upload_that_fell_silent_long_ago_gives_way_and_one_that_goes_on_does_not() {
        open(Pins.MAX_UPLOADS);
        nanos.addAndGet(Pins.GIVES_WAY_AFTER.toNanos());
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
    void all_uploads_together_hold_on_to_no_more_blocks_than_the_largest_file_has() {
        for (int i = 0; i < Pins.MAX_HASHES; i++) {
            pins.pin("upload-" + i % 3, hash(i));
        }
        assertThatThrownBy(() -> pins.admit("upload-0")).isInstanceOf(TooManyUploadsException.class);
        pins.remove("upload-1");
        pins.admit("upload-0");
        pins.pin("upload-0", hash(-1));
    }

    @Test
    void a_block_that_two_puts_bring_counts_once() {
        for (int i = 0; i < Pins.MAX_HASHES + 1; i++) {
            pins.pin("upload", hash(1));
        }
        pins.admit("upload");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "a.b", "ä", "a\nb", "a%20"})
    void an_upload_is_named_by_letters_digits_and_two_signs(String id) {
        assertThatThrownBy(() -> UploadId.check(id)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_name_of_an_upload_is_short() {
        char[] letters = new char[64];
        Arrays.fill(letters, 'x');
        assertThat(UploadId.check(new String(letters))).hasSize(64);
        assertThatThrownBy(() -> UploadId.check(new String(letters) + "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
