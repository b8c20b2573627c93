package io.chordshare.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {

    private static final String PREFIX = "/files/";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "a.txt | a.txt",
        "reports/2026/q3.pdf | reports/2026/q3.pdf",
        "reports%2F2026%2fq3.pdf | reports/2026/q3.pdf",
        "a;v=1.txt | a;v=1.txt",
        "..;/a | ..;/a",
        "a+b%20c | a+b c",
        "100%25 | 100%",
        "a%252Fb | a%2Fb",
        "a%5C..%5Cb | a\\..\\b",
        "%C3%A9t%c3%a9 | \u00e9t\u00e9",
        "e%CC%81 | \u00e9",
        "%F0%9F%98%80 | \ud83d\ude00",
        "... | ...",
        ".hidden/..x | .hidden/..x",
        "a%3Fb%23c | a?b#c",
    })
    void a_name_is_the_raw_address_decoded_once(String raw, String name) {
        assertThat(FileName.fromRequestUri(PREFIX + raw, PREFIX).value()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "a%", "a%4", "%C3%", "a%zz", "a%4g", "a%-1", "a%+1", "a%\uff11\uff11", "%%41"})
    void an_invalid_percent_sequence_is_refused(String raw) {
        assertThatThrownBy(() -> FileName.fromRequestUri(PREFIX + raw, PREFIX))
                .isInstanceOf(InvalidNameException.class).hasMessageContaining("two hex digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "%C0%AF", "%C0%AE%C0%AE", "%E0%80%AF", "%F0%80%80%AF", "%C1%81", // overlong
        "%ED%A0%80", "%ED%BF%BF", "%ED%A0%BD%ED%B8%80", // surrogates, alone and as a pair (CESU-8)
        "%C3", "%E2%82", "%F0%9F%98", "a%C3b", // cut off
        "%80", "%FF", "%FE", "%F4%90%80%80", "%F8%88%80%80%80" // no such byte, beyond U+10FFFF
    })
    void invalid_utf8_is_refused(String raw) {
        assertThatThrownBy(() -> FileName.fromRequestUri(PREFIX + raw, PREFIX))
                .isInstanceOf(InvalidNameException.class).hasMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "\u00e9", "a\u0000", "a\u007f"})
    void characters_that_are_not_allowed_in_an_address_are_refused(String raw) {
        assertThatThrownBy(() -> FileName.fromRequestUri(PREFIX + raw, PREFIX))
                .isInstanceOf(InvalidNameException.class).hasMessageContaining("percent-encoded");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        ".", "..", "a/..", "../a", "a/../b", "./a", "a/.", "a/./b",
        "%2E", "%2e%2e", ".%2e", "a%2F..", "%2e%2e%2fa", "a/%2E%2E/b"
    })
    void dot_segments_are_refused_in_every_encoding(String raw) {
        assertThatThrownBy(() -> FileName.fromRequestUri(PREFIX + raw, PREFIX))
                .isInstanceOf(InvalidNameException.class).hasMessageContaining("segment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "a/", "a//b", "%2F", "a%2F", "%2Fa", "a/%2Fb", "a%2F%2Fb"})
    void empty_segments_are_refused_in_every_encoding(String raw) {
        assertThatThrownBy(() -> FileName.fromRequestUri(PREFIX + raw, PREFIX))
                .isInstanceOf(InvalidNameException.class).hasMessageContaining("\"/\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x01, 0x09, 0x0A, 0x0D, 0x1F, 0x7F, 0x80, 0x85, 0x9F})
    void control_characters_are_refused(int control) {
        String name = "a" + Character.toString(control);

        assertThatThrownBy(() -> FileName.of(name)).isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("U+%04X", control);
        assertThatThrownBy(() -> FileName.fromRequestUri(PREFIX + allEncoded(name), PREFIX))
                .isInstanceOf(InvalidNameException.class);
    }

    @Test
    void an_empty_name_is_refused() {
        assertThatThrownBy(() -> FileName.fromRequestUri(PREFIX, PREFIX)).isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("at least one character");
        assertThatThrownBy(() -> FileName.of("")).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void an_unpaired_surrogate_is_refused() {
        assertThatThrownBy(() -> FileName.of("a\ud83d")).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> FileName.of("\ude00\ud83d")).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void a_name_has_at_most_1024_bytes() {
        assertThat(FileName.of("a".repeat(1024)).value()).hasSize(1024);
        assertThat(FileName.of("\u00e9".repeat(512)).value()).hasSize(512);
        assertThatThrownBy(() -> FileName.of("a".repeat(1025))).isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("1025 bytes").hasMessageContaining("at most 1024");
        assertThatThrownBy(() -> FileName.of("\u00e9".repeat(512) + "a")).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void the_length_is_that_of_the_normalized_name() {
        // 1536 bytes as sent
        assertThat(FileName.of("e\u0301".repeat(512)).value()).isEqualTo("\u00e9".repeat(512));
    }

    @Test
    void an_address_with_another_spelling_of_the_prefix_is_refused() {
        assertThatThrownBy(() -> FileName.fromRequestUri("/%66iles/a", PREFIX)).isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("/files/");
        assertThatThrownBy(() -> FileName.fromRequestUri("/files;x/a", PREFIX))
                .isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> FileName.fromRequestUri("/files", PREFIX)).isInstanceOf(InvalidNameException.class);
    }

    @Property
    void a_name_and_its_decomposed_form_are_one_name(@ForAll("names") String text) {
        FileName name = FileName.of(text);

        assertThat(FileName.of(Normalizer.normalize(text, Normalizer.Form.NFD))).isEqualTo(name);
        assertThat(FileName.of(name.value())).isEqualTo(name);
    }

    @Property
    void a_name_is_the_same_in_every_encoding(@ForAll("names") String text) {
        FileName name = FileName.of(text);

        assertThat(FileName.fromRequestUri(PREFIX + allEncoded(text), PREFIX)).isEqualTo(name);
        assertThat(FileName.fromRequestUri(PREFIX + allEncoded(text).toLowerCase(Locale.ROOT), PREFIX)).isEqualTo(name);
        String likeABrowser = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
        assertThat(FileName.fromRequestUri(PREFIX + likeABrowser, PREFIX)).isEqualTo(name);
    }

    @Property
    void any_address_is_a_valid_name_or_refused(
            @ForAll @CharRange(from = ' ', to = '~') @StringLength(max = 12) String raw) {
        assertValidOrRefused(() -> FileName.fromRequestUri(PREFIX + raw, PREFIX));
    }

    @Property
    void any_bytes_are_a_valid_name_or_refused(@ForAll byte[] bytes) {
        String raw = HexFormat.of().withPrefix("%").formatHex(bytes);
        assertValidOrRefused(() -> FileName.fromRequestUri(PREFIX + raw, PREFIX));
    }

    @Property
    void any_text_is_a_valid_name_or_refused(@ForAll String text) {
        assertValidOrRefused(() -> FileName.of(text));
    }

    private static void assertValidOrRefused(Supplier<FileName> source) {
        String name;
        try {
            name = source.get().value();
        } catch (InvalidNameException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 1024);
        assertThat(new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)).isEqualTo(name);
        assertThat(Normalizer.isNormalized(name, Normalizer.Form.NFC)).isTrue();
        assertThat(name.chars()).noneMatch(Character::isISOControl);
        assertThat(name.split("/", -1)).doesNotContain("", ".", "..");
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> segment = Arbitraries.strings()
                .withChars("abc.+;%\\ ?#&=\"<>|:*~").withChars("\u00e9\u0301\u0323\uac00\u1100\u1161\u212b\u4e2d")
                .ofMinLength(1).ofMaxLength(8)
                .filter(text -> !text.equals(".") && !text.equals(".."));
        return segment.list().ofMinSize(1).ofMaxSize(4).map(segments -> String.join("/", segments));
    }

    private static String allEncoded(String text) {
        return HexFormat.of().withUpperCase().formatHex(text.getBytes(StandardCharsets.UTF_8)).replaceAll("..", "%$0");
    }
}
