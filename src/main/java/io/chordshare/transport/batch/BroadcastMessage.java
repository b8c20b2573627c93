package io.chordshare.transport.batch;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.chordshare.id.ChordId;
import io.chordshare.replication.FileNews;
import io.chordshare.ring.protocol.LeaveNotice;
import io.chordshare.ring.protocol.News;
import io.chordshare.ring.protocol.RingRequest.BroadcastRequest;
import io.chordshare.ring.protocol.RingsMerged;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** News in JSON: exactly one of the kinds is present. The names are those of the peer protocol. */
@Schema(name = "SpreadMessage")
public record BroadcastMessage(@JsonProperty("farewell") @Nullable LeaveNotice leaveNotice, @Nullable FileNews file,
        @Nullable RingsMerged merged, ChordId limit) {

    /** @throws NullPointerException without a limit */
    public BroadcastMessage {
        Objects.requireNonNull(limit, "limit");
    }

    public static BroadcastMessage of(BroadcastRequest request) {
        return switch (request.news()) {
            case LeaveNotice notice -> new BroadcastMessage(notice, null, null, request.limit());
            case FileNews file -> new BroadcastMessage(null, file, null, request.limit());
            case RingsMerged merged -> new BroadcastMessage(null, null, merged, request.limit());
            default -> throw new IllegalArgumentException("no message for " + request.news().getClass());
        };
    }

    /** @throws IllegalArgumentException when its kind is of a later version */
    public BroadcastRequest toRequest() {
        News news = leaveNotice != null ? leaveNotice : file != null ? file : merged;
        if (news == null) {
            throw new IllegalArgumentException("a broadcast without news of a kind that this version knows");
        }
        return new BroadcastRequest(news, limit);
    }
}
