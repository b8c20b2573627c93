package io.chordshare.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChordIdTest {

    private static final BigInteger RING = BigInteger.ONE.shiftLeft(ChordId.BITS);

    @Test
    void the_key_of_a_name_is_the_first_160_bits_of_its_sha_256() {
        // echo -n abc | sha256sum
        assertThat(ChordId.ofName("abc")).hasToString("ba7816bf8f01cfea414140de5dae2223b00361a3");
        assertThat(ChordId.ofName("")).hasToString("e3b0c44298fc1c149afbf4c8996fb92427ae41e4");
        // printf 'äöü' | sha256sum: UTF-8, whatever the platform's encoding
        assertThat(ChordId.ofName("\u00e4\u00f6\u00fc")).isEqualTo(ChordId.ofName("äöü"));
    }

    @Property
    void ids_are_ordered_as_unsigned_numbers(@ForAll("numbers") BigInteger a, @ForAll("numbers") BigInteger b) {
        assertThat(Integer.signum(ChordId.of(a).compareTo(ChordId.of(b)))).isEqualTo(a.compareTo(b));
        assertThat(ChordId.of(a).equals(ChordId.of(b))).isEqualTo(a.equals(b));
    }

    @Property
    void an_id_is_its_number_and_its_hex_digits(@ForAll("numbers") BigInteger number) {
        ChordId id = ChordId.of(number);
        assertThat(id.toBigInteger()).isEqualTo(number);
        assertThat(id.toString()).matches("[0-9a-f]{40}").isEqualTo("%040x".formatted(number));
        assertThat(ChordId.parse(id.toString())).isEqualTo(id).hasSameHashCodeAs(id);
        assertThat(ChordId.parse(id.toString().toUpperCase(java.util.Locale.ROOT))).isEqualTo(id);
    }

    @Property
    void numbers_beyond_the_ring_wrap_around(@ForAll("numbers") BigInteger number) {
        assertThat(ChordId.of(number.add(RING))).isEqualTo(ChordId.of(number));
        assertThat(ChordId.of(number.subtract(RING))).isEqualTo(ChordId.of(number));
    }

    @Property
    void the_distance_leads_from_one_to_the_other(@ForAll("numbers") BigInteger a, @ForAll("numbers") BigInteger b) {
        ChordId from = ChordId.of(a);
        ChordId to = ChordId.of(b);
        BigInteger distance = from.distanceTo(to);
        assertThat(distance).isBetween(BigInteger.ZERO, RING.subtract(BigInteger.ONE));
        assertThat(from.plus(distance)).isEqualTo(to);
    }

    @Test
    void the_last_finger_starts_half_the_ring_away() {
        ChordId id = ChordId.random(new Random(1));
        assertThat(id.plusPowerOfTwo(0).toBigInteger()).isEqualTo(id.toBigInteger().add(BigInteger.ONE));
        assertThat(id.plusPowerOfTwo(159).plusPowerOfTwo(159)).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ab", "0x00000000000000000000000000000000000000",
            "gggggggggggggggggggggggggggggggggggggggg",
        "00000000000000000000000000000000000000000", "-000000000000000000000000000000000000001"})
    void what_is_not_40_hex_digits_is_not_an_id(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ChordId.parse(text));
    }

    @Provide
    Arbitrary<BigInteger> numbers() {
        return Arbitraries.bigIntegers().between(BigInteger.ZERO, RING.subtract(BigInteger.ONE));
    }
}
