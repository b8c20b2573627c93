package io.chordshare.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with JSON, and senders that stop in the middle of one. */
class ArrivingJsonTest {

    private static final int MOST = (int) ArrivingJson.MAX_REQUEST.toBytes();
    private static final int UNKNOWN = -1;

    private final ArrivingJson arriving = new ArrivingJson(2L * MOST);

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private static InputStream of(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, ArrivingJson.SMALL_BYTES - 1, ArrivingJson.SMALL_BYTES, ArrivingJson.SMALL_BYTES + 1,
        256 * 1024 - 1, 256 * 1024})
    void a_body_up_to_the_limit_arrives_completely(int count) throws IOException {
        byte[] sent = bytes(count);
        // more often than the memory would last if it was never given back
        for (int i = 0; i < 5; i++) {
            ArrivingJson.Whole whole = arriving.read(of(sent), i % 2 == 0 ? count : UNKNOWN);
            assertThat(Arrays.copyOf(whole.buffer(), whole.count())).isEqualTo(sent);
        }
    }

    @Test
    void one_byte_more_is_too_large_with_and_without_a_declared_length() {
        for (int length : new int[] {UNKNOWN, MOST + 1}) {
            assertThatThrownBy(() -> arriving.read(of(bytes(MOST + 1)), length))
                    .isInstanceOf(ArrivingJson.TooLargeException.class);
        }
    }

    @Test
    void a_length_beyond_the_limit_is_refused_before_anything_is_read() {
        InputStream never = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("read");
            }
        };
        assertThatThrownBy(() -> arriving.read(never, MOST + 1L)).isInstanceOf(ArrivingJson.TooLargeException.class);
    }

    /** Each sender in the middle of its request sends the next request: a single thread cannot do more. */
    @Test
    void stalled_senders_share_a_fixed_memory_and_small_requests_get_through() throws IOException {
        assertThatThrownBy(() -> stalled(10)).isInstanceOf(ArrivingJson.BusyException.class);
        assertThat(reached).isEqualTo(2);
        // all memory has been given back
        assertThat(arriving.read(of(bytes(MOST)), UNKNOWN).count()).isEqualTo(MOST);
    }

    private int reached;

    private void stalled(int more) throws IOException {
        byte[] sent = bytes(MOST);
        arriving.read(new InputStream() {
            private int at;

            @Override
            public int read() {
                throw new UnsupportedOperationException("only whole pieces are read");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (at == sent.length) {
                    reached++;
                    assertThat(arriving.read(of(bytes(ArrivingJson.SMALL_BYTES - 1)), UNKNOWN).count()).isPositive();
                    if (more > 0) {
                        stalled(more - 1);
                    }
                    return -1;
                }
                int count = Math.min(length, sent.length - at);
                System.arraycopy(sent, at, buffer, offset, count);
                at += count;
                return count;
            }
        }, UNKNOWN);
    }
}
