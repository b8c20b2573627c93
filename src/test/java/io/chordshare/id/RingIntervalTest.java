package io.chordshare.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Compares intervals with oracles that are too simple to be wrong. */
class RingIntervalTest {

    private static final int SMALL = 16;
    private static final BigInteger STRIDE = BigInteger.ONE.shiftLeft(ChordId.BITS).divide(BigInteger.valueOf(SMALL));
    private static final BigInteger RING = BigInteger.ONE.shiftLeft(ChordId.BITS);

    /** Walks from a, one position at a time, until it reaches b (again). */
    private static boolean meetsBefore(int a, int x, int b) {
        int at = (a + 1) % SMALL;
        while (at != b) {
            if (at == x) {
                return true;
            }
            at = (at + 1) % SMALL;
        }
        return false;
    }

    @Test
    void between_agrees_with_a_walk_around_a_small_ring_for_all_triples() {
        for (int a = 0; a < SMALL; a++) {
            for (int x = 0; x < SMALL; x++) {
                for (int b = 0; b < SMALL; b++) {
                    assertThat(RingInterval.between(scale(a), scale(x), scale(b))).as("%d %d %d", a, x, b)
                            .isEqualTo(meetsBefore(a, x, b));
                    assertThat(new RingInterval(scale(a), scale(b)).contains(scale(x))).as("(%d %d %d]", a, x, b)
                            .isEqualTo(x == b || meetsBefore(a, x, b));
                }
            }
        }
    }

    /** Maps the small ring onto the large one, so that the walk crosses zero and the middle of the sign bit. */
    private static ChordId scale(int position) {
        return ChordId.of(STRIDE.multiply(BigInteger.valueOf(position)));
    }

    @Property(tries = 2000)
    void between_agrees_with_distances_on_the_whole_ring(@ForAll("ids") ChordId a, @ForAll("ids") ChordId x,
                                                         @ForAll("ids") ChordId b) {
        BigInteger toX = x.toBigInteger().subtract(a.toBigInteger()).mod(RING);
        BigInteger toB = b.toBigInteger().subtract(a.toBigInteger()).mod(RING);
        BigInteger end = toB.signum() == 0 ? RING : toB;
        boolean strictly = toX.signum() > 0 && toX.compareTo(end) < 0;
        assertThat(RingInterval.between(a, x, b)).isEqualTo(strictly);
        assertThat(new RingInterval(a, b).contains(x)).isEqualTo(strictly || x.equals(b));
    }

    @Property(tries = 500)
    void with_equal_ends_between_is_the_whole_ring_but_the_end(@ForAll("ids") ChordId a, @ForAll("ids") ChordId x) {
        assertThat(RingInterval.between(a, x, a)).isEqualTo(!a.equals(x));
        assertThat(new RingInterval(a, a).contains(x)).isTrue();
        assertThat(new RingInterval(a, a).share()).isEqualTo(1.0);
    }

    @Property(tries = 500)
    void two_intervals_that_meet_at_both_ends_are_the_ring(@ForAll("ids") ChordId a, @ForAll("ids") ChordId b,
                                                          @ForAll("ids") ChordId x) {
        if (!a.equals(b)) {
            RingInterval one = new RingInterval(a, b);
            RingInterval other = new RingInterval(b, a);
            assertThat(one.contains(x)).isNotEqualTo(other.contains(x));
            assertThat(one.size().add(other.size())).isEqualTo(RING);
        }
    }

    /**
     * Positions close to each other, to zero and to the largest come often. Otherwise equal and adjacent ones would
     * never come.
     */
    @Provide
    Arbitrary<ChordId> ids() {
        Arbitrary<ChordId> near = Arbitraries.of(BigInteger.ZERO, RING.shiftRight(1), RING).flatMap(middle ->
                Arbitraries.integers().between(-3, 3).map(off -> ChordId.of(middle.add(BigInteger.valueOf(off)))));
        Arbitrary<ChordId> anywhere = Arbitraries.bigIntegers().between(BigInteger.ZERO, RING.subtract(BigInteger.ONE))
                .map(ChordId::of);
        return Arbitraries.oneOf(near, anywhere);
    }
}
