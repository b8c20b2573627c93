package io.chordshare.files.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.files.http.FormReader.MalformedFormException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class FormReaderTest {

    private static final String BOUNDARY = "x-x";

    @Property(tries = 200)
    void the_content_of_a_part_is_read_unchanged(@ForAll @Size(max = 3) List<@From("bodies") byte[]> bodies,
                                                        @ForAll long seed) throws IOException {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        for (byte[] body : bodies) {
            form.writeBytes(ascii("--x-x\r\nContent-Disposition: form-data; name=file; filename=f\r\n\r\n"));
            form.writeBytes(body);
            form.writeBytes(ascii("\r\n"));
        }
        form.writeBytes(ascii("--x-x--"));

        List<byte[]> read = new ArrayList<>();
        FormReader reader = reader(form.toByteArray(), seed);
        while (reader.next()) {
            assertThat(reader.headers().fileName()).isEqualTo("f");
            read.add(reader.body().readAllBytes());
            assertThat(reader.body().read()).isEqualTo(-1);
        }

        assertThat(Arrays.deepEquals(read.toArray(), bodies.toArray())).isTrue();
        assertThat(reader.next()).isFalse();
    }

    /** Bodies that mostly look like the start of a boundary, with sizes near that of the buffer. */
    @Provide
    Arbitrary<byte[]> bodies() {
        Arbitrary<String> pieces = Arbitraries.of("\r", "\n", "\r\n", "\r\n-", "\r\n--x", "\r\n--x-", "--x-x-", "a", "",
                "x".repeat(16 * 1024 - 60), "\r\n--x-y");
        return pieces.list().ofMaxSize(6).map(list -> ascii(String.join("", list)))
                .filter(body -> !(("\r\n" + new String(body, StandardCharsets.ISO_8859_1) + "\r\n")
                .contains("\r\n--x-x")));
    }

    @Example
    void an_unread_part_is_skipped() throws IOException {
        FormReader reader = reader(
                ascii("--x-x \t\r\n\r\nfirst\r\n--x-x\r\nContent-Type: a/b\r\n\r\nsecond\r\n--x-x--\r\nmore"), 1);
        assertThat(reader.next()).isTrue();
        assertThat(reader.next()).isTrue();
        assertThat(reader.headers().contentType()).isEqualTo("a/b");
        assertThat(reader.next()).isFalse();
    }

    @Example
    void a_part_may_have_neither_headers_nor_body() throws IOException {
        FormReader reader = reader(ascii("--x-x\r\n\r\n--x-x\r\n\r\n\r\n--x-x--"), 1);
        for (int part = 0; part < 2; part++) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.headers().fieldName()).isNull();
            assertThat(reader.body().readAllBytes()).isEmpty();
        }
        assertThat(reader.next()).isFalse();
    }

    @Example
    void endless_headers_are_not_stored() throws IOException {
        FormReader reader = reader(ascii("--x-x\r\n" + "Header: value\r\n".repeat(100_000)
                + "\r\nbody\r\n--x-x\r\nA: b\r\n\r\n\r\n--x-x--"), 1);
        assertThat(reader.next()).isTrue();
        assertThat(reader.headers()).isSameAs(PartHeaders.TOO_LARGE);
        assertThat(reader.next()).isTrue();
        assertThat(reader.headers()).isNotSameAs(PartHeaders.TOO_LARGE);
        assertThat(reader.next()).isFalse();
    }

    @Property(tries = 100)
    void a_truncated_form_is_malformed(@ForAll long seed) {
        byte[] form = ascii("--x-x\r\nA: b\r\n\r\nfirst\r\n--x-x\r\nA: b\r\n\r\nsecond\r\n--x-x--");
        byte[] cut = Arrays.copyOf(form, new Random(seed).nextInt(form.length));
        assertThatThrownBy(() -> {
            FormReader reader = reader(cut, seed);
            while (reader.next()) {
                reader.headers();
                reader.body().readAllBytes();
            }
        }).isInstanceOf(MalformedFormException.class);
    }

    /** Returns random numbers of bytes at a time, like a network. */
    private static FormReader reader(byte[] form, long seed) {
        Random random = new Random(seed);
        int most = random.nextBoolean() ? 50 : 20_000;
        InputStream slow = new ByteArrayInputStream(form) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(length, 1 + random.nextInt(most)));
            }
        };
        return new FormReader(slow, BOUNDARY);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
