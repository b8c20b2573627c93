package io.chordshare.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slots cut the ring into equal parts. */
class SlotsTest {

    private static final int KEYS = 2_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 64, Slots.DEFAULT_COUNT, Slots.MAX_COUNT})
    void every_key_lies_between_the_ends_of_its_slot(int count) {
        Slots slots = new Slots(count);
        Random random = new Random(count);
        for (int i = 0; i < KEYS; i++) {
            ChordId key = ChordId.random(random);
            int slot = slots.of(key);
            assertThat(key).isBetween(slots.start(slot), slots.end(slot));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 64, Slots.DEFAULT_COUNT})
    void slots_follow_each_other_without_a_gap_and_cover_the_ring(int count) {
        Slots slots = new Slots(count);
        assertThat(slots.start(0).toBigInteger()).isZero();
        assertThat(slots.end(count - 1).toBigInteger()).isEqualTo(BigInteger.TWO.pow(ChordId.BITS)
                .subtract(BigInteger.ONE));
        for (int slot = 1; slot < count; slot++) {
            assertThat(slots.end(slot - 1).toBigInteger().add(BigInteger.ONE))
                    .isEqualTo(slots.start(slot).toBigInteger());
            assertThat(slots.of(slots.start(slot))).isEqualTo(slot);
            assertThat(slots.of(slots.end(slot))).isEqualTo(slot);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 3, 12, 2 * Slots.MAX_COUNT})
    void only_powers_of_two_within_the_limit_are_slot_counts(int count) {
        assertThatThrownBy(() -> new Slots(count)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("power of two");
    }
}
