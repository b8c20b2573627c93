package io.chordshare.simulation;

import java.util.HashMap;
import java.util.Map;

/** Latency, loss and duplication of messages. Cut links are in {@link Partition}. */
final class LinkFaults {

    private record Link(String from, String to) {}

    // only used for look-ups, so their order does not matter
    private final Map<Link, Latency> latencies = new HashMap<>();
    private final Map<Link, Double> losses = new HashMap<>();
    private Latency latency = Latency.DEFAULT;
    private double loss;
    private double duplication;

    void latency(Latency everywhere) {
        latency = everywhere;
    }

    void latency(String from, String to, Latency there) {
        latencies.put(new Link(from, to), there);
    }

    void loss(double everywhere) {
        loss = everywhere;
    }

    void loss(String from, String to, double there) {
        losses.put(new Link(from, to), there);
    }

    void duplication(double everywhere) {
        duplication = everywhere;
    }

    void clear() {
        losses.clear();
        loss = 0;
        duplication = 0;
    }

    Latency latency(String from, String to) {
        return latencies.isEmpty() ? latency : latencies.getOrDefault(new Link(from, to), latency);
    }

    double loss(String from, String to) {
        return losses.isEmpty() ? loss : losses.getOrDefault(new Link(from, to), loss);
    }

    double duplication() {
        return duplication;
    }
}
