package io.chordshare.evaluation;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** Values of one kind, with their mean and percentiles. */
final class Statistic {

    private final double[] sorted;

    private Statistic(double[] sorted) {
        this.sorted = sorted;
    }

    static Statistic of(Collection<? extends Number> figures) {
        return new Statistic(figures.stream().mapToDouble(Number::doubleValue).sorted().toArray());
    }

    double mean() {
        return Arrays.stream(sorted).average().orElse(Double.NaN);
    }

    /** @param share 0.99 for the 99th percentile */
    double percentile(double share) {
        return sorted[Math.min(sorted.length - 1, (int) Math.floor(share * sorted.length))];
    }

    /** The format of the paper: the mean, and the 1st and the 99th percentile. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f (%.0f, %.0f)", mean(), percentile(0.01), percentile(0.99));
    }
}
