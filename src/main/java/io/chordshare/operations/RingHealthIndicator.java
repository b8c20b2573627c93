package io.chordshare.operations;

import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.RingState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Part of readiness: UP when this node is a member that can serve. Liveness does not depend on this. */
@Component("ring")
class RingHealthIndicator implements HealthIndicator {

    private final RingNode ring;

    RingHealthIndicator(RingNode ring) {
        this.ring = ring;
    }

    @Override
    public Health health() {
        RingState state = ring.state();
        Health.Builder health = state.status().canServe() ? Health.up() : Health.outOfService();
        return health.withDetail("status", state.status()).build();
    }
}
