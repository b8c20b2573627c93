package io.chordshare.transport;

import io.chordshare.id.ChordId;
import io.chordshare.replication.FileNews;
import io.chordshare.ring.protocol.LeaveNotice;
import io.chordshare.ring.protocol.News;
import io.chordshare.ring.protocol.RingRequest.BroadcastRequest;
import io.chordshare.ring.protocol.RingsMerged;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** News on the wire: exactly one of the kinds is there. */
public record SpreadMessage(@Nullable LeaveNotice farewell, @Nullable FileNews file, @Nullable RingsMerged merged,
        ChordId limit) {

    public SpreadMessage {
        Objects.requireNonNull(limit, "limit");
    }

    static SpreadMessage of(BroadcastRequest spread) {
        return switch (spread.news()) {
            case LeaveNotice farewell -> new SpreadMessage(farewell, null, null, spread.limit());
            case FileNews file -> new SpreadMessage(null, file, null, spread.limit());
            case RingsMerged merged -> new SpreadMessage(null, null, merged, spread.limit());
            default -> throw new IllegalArgumentException("no message for " + spread.news().getClass());
        };
    }

    BroadcastRequest toSpread() {
        News news = farewell != null ? farewell : file != null ? file : merged;
        if (news == null) {
            throw new IllegalArgumentException("a spread message without news of a kind that this version knows");
        }
        return new BroadcastRequest(news, limit);
    }
}
