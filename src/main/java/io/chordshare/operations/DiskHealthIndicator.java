package io.chordshare.operations;

import io.chordshare.storage.NodeStore;
import io.chordshare.storage.disk.DiskState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/**
 * Part of readiness: whether the disk of the data directory works and has room. While it has none, this node is out of
 * service for those who spread the load; it still reads and deletes for every client that asks it.
 */
@Component("disk")
public class DiskHealthIndicator implements HealthIndicator {

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
