package io.chordshare.ring.protocol;

import io.chordshare.ring.join.LeaveNotices;
import io.chordshare.ring.lookup.Broadcast;
import io.chordshare.ring.membership.RingIds;
import io.chordshare.ring.protocol.RingRequest.BroadcastRequest;
import io.chordshare.ring.stabilize.RingUnification;
import io.chordshare.runtime.NodeRuntime;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Takes in what is broadcast, and passes on what is true of it. */
public final class NewsHandler {

    private final NodeRuntime runtime;
    private final RingIds names;
    private final LeaveNotices farewells;
    private final RingUnification merging;
    private final Broadcast broadcast;
    private volatile BiConsumer<News, Consumer<News>> reader = (news, spreadOn) -> { };

    public NewsHandler(NodeRuntime runtime, RingIds names, LeaveNotices farewells, RingUnification merging,
            Broadcast broadcast) {
        this.runtime = runtime;
        this.names = names;
        this.farewells = farewells;
        this.merging = merging;
        this.broadcast = broadcast;
    }

    /** @param reader gets the news of other features, and a consumer that passes on what is true */
    public void readBy(BiConsumer<News, Consumer<News>> reader) {
        this.reader = reader;
    }

    /** News are hints, and anybody may have made them up: each is checked first, and then passed on. */
    void hear(BroadcastRequest spread) {
        Consumer<News> spreadOn = news -> runtime.start("spread", () -> broadcast.spread(news, spread.limit()));
        switch (spread.news()) {
            case LeaveNotice farewell -> farewells.hear(farewell, () -> spreadOn.accept(farewell));
            case RingsMerged merged -> {
                if (names.knows(merged.ringIds())) {
                    merging.hear(merged, () -> spreadOn.accept(merged));
                }
            }
            default -> reader.accept(spread.news(), spreadOn);
        }
    }
}
