package io.chordshare.operations;

import io.chordshare.storage.NodeStore;
import io.chordshare.storage.disk.DiskState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Part of readiness: whether the disk of the data directory works and has room. A node with a full disk is out of
 * service for load balancers. It still serves reads and deletes.
 */
@Component("disk")
class DiskHealthIndicator implements HealthIndicator {

    private final NodeStore store;

    DiskHealthIndicator(NodeStore store) {
        this.store = store;
    }

    @Override
    public Health health() {
        DiskState disk = store.disk();
        Status status = switch (disk.condition()) {
            case GOOD -> Status.UP;
            case FULL, READ_ONLY -> Status.OUT_OF_SERVICE;
            case FAILING -> Status.DOWN;
        };
        return Health.status(status).withDetail("condition", disk.condition()).withDetail("detail", disk.detail())
                .build();
    }
}
