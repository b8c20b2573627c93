package io.chordshare.membership;

import io.chordshare.replication.Replication;
import io.chordshare.ring.RingNode;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Enters the ring once the web server listens, and tells the neighbours before it stops listening, so that nobody has to
 * wait for a timeout. The default phase is after the server at the start and before it at the end.
 */
@Component
class RingLifecycle implements SmartLifecycle {

    private final RingNode ring;
    private final Replication replication;
    private volatile boolean running;

    RingLifecycle(RingNode ring, Replication replication) {
        this.ring = ring;
        this.replication = replication;
    }

    @Override
    public void start() {
        running = true;
        ring.startUp();
    }

    @Override
    public void stop() {
        running = false;
        ring.stop();
        if (ring.state().status().isMember()) {
            ring.depart(false);
        }
        replication.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
