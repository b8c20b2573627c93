package io.chordshare.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.chordshare.cli.http.Json;
import io.chordshare.cli.transfer.Amount;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Text from strangers on a terminal, and in lines for scripts. */
class PrintableTest {

    @Test
    void names_are_printed_as_they_are() {
        for (String name : new String[] {"plain.txt", "\u00FCn\u00EF \"quoted\" <b>", "\u05E9\u05DC\u05D5\u05DD",
                "\uD83C\uDF89",
            "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67", "a\\b"}) {
            assertThat(Printable.of(name)).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @CsvSource({"1B", "7", "A", "D", "7F", "9B", "85", "202E", "2066", "200F", "61C", "2028", "200B", "FEFF", "D800"})
    void what_moves_the_cursor_or_the_direction_is_shown_by_its_number(String hex) {
        String character = String.valueOf((char) Integer.parseInt(hex, 16));
        assertThat(Printable.of("a" + character + "[31mb")).isEqualTo("a\\u{" + hex + "}[31mb");
        assertThat(Json.object("name", character).toString()).matches("\\{\"name\":\"\\\\u[0-9a-f]{4}\"}");
        assertThat(Json.parse(Json.object("name", character).toString()).get("name").text()).isEqualTo(character);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "999, 999 B", "1000, 1.0 kB", "9940, 9.9 kB", "9950, 10 kB", "999499, 999 kB",
            "999500, 1.0 MB",
        "1073741824, 1.1 GB", "9223372036854775807, 9.2 EB"})
    void sizes_have_few_digits(long bytes, String text) {
        assertThat(Amount.bytes(bytes)).isEqualTo(text);
    }

    @Test
    void json_is_read_and_written() {
        String text = "{\"a\":[1,2.5,-3e2,true,false,null],\"b\":{\"c\":\"x\\\"\\\\y\"},\"d\":[],\"e\":{}}";
        Json json = Json.parse(" " + text.replace(",", " ,\n ") + " ");
        assertThat(json.toString()).isEqualTo(text.replace("-3e2", "-3E+2"));
        assertThat(json.get("a").items().get(1).fraction()).isEqualTo(2.5);
        assertThat(json.get("b").get("c").text()).isEqualTo("x\"\\y");
        assertThat(json.get("none").get("such").isNull()).isTrue();
        assertThat(Json.parse("\"\\u00fc\\ud83c\\udf89\\n\\/\"").text()).isEqualTo("\u00FC\uD83C\uDF89\n/");
        assertThat(Json.object("n", 5, "m", Map.of()).toString()).isEqualTo("{\"n\":5,\"m\":{}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value =
            {"''", "{", "[1,]", "{\"a\"}", "{a:1}", "1 2", "\"a", "\"\\x\"", "\"\\u00g0\"", "truth", "-", "+1-",
                    "<html>"})
    void what_is_no_json_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.parse(text));
    }

    @Test
    void json_from_a_stranger_is_bounded() {
        assertThatIllegalArgumentException().isThrownBy(() -> Json.parse("[".repeat(100_000)));
        assertThatIllegalArgumentException().isThrownBy(() -> Json.parse("9".repeat(100_000)));
    }
}
