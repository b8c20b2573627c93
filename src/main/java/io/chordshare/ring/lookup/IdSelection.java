package io.chordshare.ring.lookup;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.runtime.Peer;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Chooses the id of a new node: a random point in the middle third of the largest of several sampled arcs. In trials
 * the largest share stays at 2 to 6 times the mean, where random ids give about log N. The virtual nodes of Chord (ToN
 * 2003, section VI-B) would multiply every other cost.
 */
public final class IdSelection {

    /** Arcs to sample in a small ring. */
    private static final int MIN_SAMPLES = 8;
    /** Arcs to sample in a large ring, as a multiple of log2 N. */
    private static final int SAMPLES_PER_LOG = 4;

    /** While other nodes join in the larger arcs, an arc of at least this fraction of the largest is accepted. */
    private static final int WORST_CHOICE = 3;

    /** More failures than this, before the first success, mean that the entry fails and not the network. */
    private static final int MAX_FAILED_AT_FIRST = 2;

    private final Lookup lookup;
    private final RandomGenerator random;

    public IdSelection(Lookup lookup, RandomGenerator random) {
        this.lookup = lookup;
        this.random = random;
    }

    /** Places to try, the best first. Where others are joining already, the next place is nearly as good. */
    public List<ChordId> choose(Peer entry) throws LookupFailedException {
        List<RingInterval> arcs = new ArrayList<>();
        int wanted = MIN_SAMPLES;
        int failed = 0;
        while (arcs.size() + failed < wanted) {
            try {
                arcs.add(arcAt(ChordId.random(random), arcs, entry));
            } catch (LookupFailedException e) {
                // on a bad network some samples fail, and the others still give a choice
                failed++;
                if (failed > arcs.size() + MAX_FAILED_AT_FIRST) {
                    throw e;
                }
            }
            if (arcs.size() + failed == MIN_SAMPLES) {
                wanted = Math.max(MIN_SAMPLES, SAMPLES_PER_LOG * log2(estimateNodes(arcs)));
            }
        }
        List<RingInterval> largestFirst = new ArrayList<>(new LinkedHashSet<>(arcs));
        largestFirst.sort(Comparator.comparing(RingInterval::size).reversed());
        BigInteger enough = largestFirst.getFirst().size().divide(BigInteger.valueOf(WORST_CHOICE));
        largestFirst.removeIf(arc -> arc.size().compareTo(enough) < 0);
        // simultaneous joiners see the same arcs, so each starts with a random one of similar size
        int alike = (int) largestFirst.stream().filter(arc -> arc.share() * 2 > largestFirst.getFirst().share())
                .count();
        Collections.rotate(largestFirst.subList(0, alike), random.nextInt(alike));
        return largestFirst.stream().map(this::middleOf).toList();
    }

    private ChordId middleOf(RingInterval arc) {
        BigInteger third = arc.size().divide(BigInteger.valueOf(3));
        BigInteger offset = ChordId.random(random).toBigInteger().mod(third.max(BigInteger.ONE));
        return arc.from().plus(third.add(offset));
    }

    /** A point within a known arc needs no request. In a small ring most points are. */
    private RingInterval arcAt(ChordId point, List<RingInterval> known, Peer entry) throws LookupFailedException {
        for (RingInterval arc : known) {
            if (arc.contains(point)) {
                return arc;
            }
        }
        LookupResult found = lookup.through(entry, point);
        return new RingInterval(found.predecessor().id(), found.owner().id());
    }

    /** A random point hits an arc in proportion to its length, so the mean of 1/share estimates the number of nodes. */
    private static double estimateNodes(List<RingInterval> arcs) {
        return arcs.stream().mapToDouble(arc -> 1 / arc.share()).average().orElse(1);
    }

    private static int log2(double nodes) {
        return (int) Math.ceil(Math.log(Math.max(2, nodes)) / Math.log(2));
    }
}
