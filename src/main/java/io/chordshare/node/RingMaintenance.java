package io.chordshare.node;

import io.chordshare.replication.Replication;
import io.chordshare.ring.RingNode;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Ticks the background work of a node. Each tick only starts work. The work runs in threads of its own, guards itself
 * against overlap and survives its failures, so a slow peer never delays another kind of work. Ticks start at random
 * moments, so that nodes that start together do not stay in step.
 */
@Component
public class RingMaintenance {

    private final RingNode ring;
    private final Replication replication;

    RingMaintenance(RingNode ring, Replication replication) {
        this.ring = ring;
        this.replication = replication;
    }

    @Scheduled(fixedRateString = "${chordshare.ring.stabilize-every}",
            initialDelayString = "#{T(java.util.concurrent.ThreadLocalRandom).current().nextInt(1000)}")
    void stabilize() {
        ring.stabilizeTick();
    }

    @Scheduled(fixedRateString = "${chordshare.ring.fix-fingers-every}",
            initialDelayString = "#{T(java.util.concurrent.ThreadLocalRandom).current().nextInt(1000)}")
    void fixFingers() {
        ring.fixFingersTick();
    }

    @Scheduled(fixedRateString = "${chordshare.ring.ping-every}",
            initialDelayString = "#{T(java.util.concurrent.ThreadLocalRandom).current().nextInt(1000)}")
    void ping() {
        ring.pingTick();
    }

    @Scheduled(fixedRateString = "${chordshare.files.sync-every:1s}",
            initialDelayString = "#{T(java.util.concurrent.ThreadLocalRandom).current().nextInt(1000)}")
    void repairCopies() {
        replication.tick();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    static class Scheduling {}
}
