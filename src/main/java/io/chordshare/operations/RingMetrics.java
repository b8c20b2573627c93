package io.chordshare.operations;

import io.chordshare.replication.Replication;
import io.chordshare.replication.blocks.BufferBudget;
import io.chordshare.ring.RingNode;
import io.chordshare.storage.NodeStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The metrics of a node's place in the ring, its files and its disk. */
@Configuration(proxyBeanMethods = false)
class RingMetrics {

    @Bean
    MeterBinder chordshareMetrics(RingNode ring, Replication replication, NodeStore store, BufferBudget budget) {
        return registry -> {
            Gauge.builder("chordshare.ring.member", ring, node -> node.state().status().canServe() ? 1 : 0)
                    .description("1 when the node is a member that can serve").register(registry);
            Gauge.builder("chordshare.ring.successors", ring, node -> node.state().successors().size())
                    .description("Length of the successor list").register(registry);
            Gauge.builder("chordshare.ring.share", ring, node -> node.state().range().share())
                    .description("The part of the ring that the node owns").register(registry);
            Gauge.builder("chordshare.copies.pending", replication, Replication::pendingCopies)
                    .description("Copies that are required but do not exist yet").register(registry);
            Gauge.builder("chordshare.files.stored", store, disk -> disk.records().totals().files())
                    .description("Files with a record on this node").register(registry);
            Gauge.builder("chordshare.files.bytes", store, disk -> disk.records().totals().bytes()).baseUnit("bytes")
                    .description("Total size of the files that are complete on this node").register(registry);
            Gauge.builder("chordshare.disk.usable", store, NodeStore::usableBytes).baseUnit("bytes")
                    .description("Space for new data").register(registry);
            Gauge.builder("chordshare.disk.good", store, disk -> disk.disk().isGood() ? 1 : 0)
                    .description("1 when the disk of the data directory works and has room").register(registry);
            Gauge.builder("chordshare.buffers.free", budget, BufferBudget::free).baseUnit("bytes")
                    .description("Free memory for request bodies").register(registry);
        };
    }
}
