package io.chordshare.node;

import io.chordshare.connections.Transfers;
import io.chordshare.replication.Replication;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.RingState;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Enters the ring once the web server listens. When the node stops, lets users finish moving transfers and tells the
 * neighbours, before the server stops listening, so that no peer waits for a timeout. The default phase starts after
 * the web server and stops before it.
 */
@Component
class RingLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RingLifecycle.class);

    /** The part of the stop time for telling the neighbours and for closing the web server and the store. */
    private static final Duration FOR_THE_END_ITSELF = Duration.ofSeconds(10);

    private final RingNode ring;
    private final Replication replication;
    private final Transfers transfers;
    private final Duration moves;
    private volatile boolean running;

    /** @param stopWithin after this time a stopping node has ended, whatever its clients do */
    RingLifecycle(RingNode ring, Replication replication, Transfers transfers,
                  @Value("${spring.lifecycle.timeout-per-shutdown-phase}") Duration stopWithin) {
        this.ring = ring;
        this.replication = replication;
        this.transfers = transfers;
        this.moves = stopWithin.compareTo(FOR_THE_END_ITSELF) > 0 ? stopWithin.minus(FOR_THE_END_ITSELF)
                : Duration.ZERO;
    }

    @Override
    public void start() {
        running = true;
        ring.startUp();
    }

    @Override
    public void stop() {
        running = false;
        // the scheduler has already stopped
        transfers.finish(moves, () -> {
            ring.stabilizeTick();
            ring.pingTick();
        });
        ring.stop();
        RingState state = ring.state();
        if (state.status().isMember()) {
            log.info("{} leaves ring {} because it is stopped: telling {} neighbours", state.self(), state.ringId(),
                    state.successors().size() + (state.predecessor() == null ? 0 : 1));
            ring.depart(false);
            log.info("{} has told its neighbours", state.self());
        }
        replication.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
