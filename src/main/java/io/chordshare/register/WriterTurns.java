package io.chordshare.register;

import io.chordshare.runtime.NodeRuntime;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Lets the conditional writers of one name at this node go one after the other. Those of several nodes still meet, and
 * ballots settle who wins; but the more of them there are, the rarer one gets through undisturbed.
 */
final class WriterTurns {

    private final NodeRuntime runtime;
    /** The last writer of each name. One entry for each request at most. */
    private final Map<String, CompletableFuture<Void>> last = new TreeMap<>();

    WriterTurns(NodeRuntime runtime) {
        this.runtime = runtime;
    }

    /** The turn of one writer. Closing it lets the next one go. */
    final class Turn implements AutoCloseable {

        private final String key;
        private final CompletableFuture<Void> over = new CompletableFuture<>();

        private Turn(String key) {
            this.key = key;
        }

        @Override
        public void close() {
            synchronized (last) {
                last.remove(key, over);
            }
            over.complete(null);
        }
    }

    /** Waits for the writer before, but not longer than a request may take: then it writes beside it. */
    Turn await(String key, Duration atMost) {
        Turn turn = new Turn(key);
        @Nullable CompletableFuture<Void> before;
        synchronized (last) {
            before = last.put(key, turn.over);
        }
        boolean hasTurn = false;
        try {
            if (before != null) {
                runtime.await(before, atMost);
            }
            hasTurn = true;
            return turn;
        } finally {
            if (!hasTurn) {
                turn.close();
            }
        }
    }
}
