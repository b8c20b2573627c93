package io.chordshare.ring.protocol;

import io.chordshare.ring.join.LeaveNotices;
import io.chordshare.ring.lookup.Broadcast;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.RingRequest.BroadcastRequest;
import io.chordshare.ring.stabilize.RingUnification;
import io.chordshare.runtime.NodeRuntime;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Handles broadcast news, and forwards the news that are true. */
public final class NewsHandler {

    private final NodeRuntime runtime;
    private final RingIds ringIds;
    private final LeaveNotices leaveNotices;
    private final RingUnification unification;
    private final Broadcast broadcast;
    private volatile BiConsumer<News, Consumer<News>> reader = (news, forward) -> { };

    public NewsHandler(NodeRuntime runtime, RingIds ringIds, LeaveNotices leaveNotices, RingUnification unification,
            Broadcast broadcast) {
        this.runtime = runtime;
        this.ringIds = ringIds;
        this.leaveNotices = leaveNotices;
        this.unification = unification;
        this.broadcast = broadcast;
    }

    /** @param reader gets the news of other features, and a consumer that forwards true news */
    public void readBy(BiConsumer<News, Consumer<News>> reader) {
        this.reader = reader;
    }

    /** Checks news before it forwards them, because anybody may have forged them. */
    void handle(BroadcastRequest request) {
        Consumer<News> forward = news -> runtime.start("broadcast", () -> broadcast.send(news, request.limit()));
        switch (request.news()) {
            case LeaveNotice notice -> leaveNotices.handle(notice, () -> forward.accept(notice));
            case RingsMerged merged -> {
                if (ringIds.knows(merged.ringIds())) {
                    unification.handle(merged, () -> forward.accept(merged));
                }
            }
            default -> reader.accept(request.news(), forward);
        }
    }
}
