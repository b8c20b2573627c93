package io.chordshare.connections;

import io.chordshare.connections.ClientConnection.Look;
import io.chordshare.connections.ClientConnection.Use;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running user requests, and how they end when the node stops. */
public final class Transfers {

    private static final Logger log = LoggerFactory.getLogger(Transfers.class);

    /**
     * A transfer below the least rate for this time does not delay the stop. With the following steps, this stays below
     * the 10 s that {@code docker stop} waits.
     */
    private static final Duration STALLED_AFTER = Duration.ofSeconds(4);

    /** A cut request has this time to release its resources. */
    private static final Duration UNWINDS_WITHIN = Duration.ofSeconds(2);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
    private static final Duration TICK = Duration.ofSeconds(1);

    /** Number of transfers that one log line names. */
    private static final int MOST_NAMED = 10;

    private static final String FILES = " /files";

    private final RequestSlots admission;
    private final Supplier<List<Look>> looks;
    private final long leastBytes;

    /** The progress of a transfer when it last moved at the least rate. */
    private record Mark(String request, long moved, long at) {}

    Transfers(RequestSlots admission, Supplier<List<Look>> looks, ConnectionProperties limits) {
        this.admission = admission;
        this.looks = looks;
        this.leastBytes = limits.leastRate().toBytes() * STALLED_AFTER.toSeconds();
    }

    /**
     * Refuses users from now on and waits for running requests. Cuts requests that do not move, and all that are not
     * done in time. Nothing of a cut upload is stored.
     *
     * @param atMost     how long moving transfers may continue
     * @param eachSecond keeps the node a member meanwhile
     */
    public void finish(Duration atMost, Runnable eachSecond) {
        admission.stop();
        List<Look> running = running();
        if (!running.isEmpty()) {
            log.info("stopping: waiting up to {} s for {} of users: {}", atMost.toSeconds(), count(running.size()),
                    names(running));
        }
        long began = System.nanoTime();
        long nextTick = began;
        int cut = 0;
        Map<ClientConnection, Mark> marks = new HashMap<>();
        while (admission.running() > 0 && System.nanoTime() - began < atMost.toNanos()) {
            if (System.nanoTime() - nextTick >= 0) {
                eachSecond.run();
                nextTick += TICK.toNanos();
            }
            running = running();
            marks.keySet().retainAll(running.stream().map(Look::connection).toList());
            for (Look look : running) {
                cut += hasStalled(look, began, marks) && end(look) ? 1 : 0;
            }
            if (!pause()) {
                break;
            }
        }
        for (Look look : running()) {
            if (look.connection().cutNow()) {
                log.warn("cut {} after {} bytes: it was not done {} s after the node was told to stop", look.request(),
                        look.moved(), atMost.toSeconds());
                cut++;
            }
        }
        unwind();
        if (admission.running() > 0 || cut > 0) {
            log.info("{} cut, {} still running", count(cut), admission.running());
        }
    }

    private List<Look> running() {
        return looks.get().stream().filter(look -> look.request() != null && look.ofUser()).toList();
    }

    private boolean hasStalled(Look look, long began, Map<ClientConnection, Mark> marks) {
        String request = String.valueOf(look.request());
        long now = System.nanoTime();
        if (look.use() == Use.WAITING && now - look.since() > STALLED_AFTER.toNanos()) {
            return true;
        }
        Mark mark = marks.get(look.connection());
        boolean isMoving = mark == null || !mark.request().equals(request) || look.moved() - mark.moved() >= leastBytes;
        // a transfer to disk or to peers moves too; only the client can stall
        if (isMoving || (look.use() == Use.BUSY && request.contains(FILES))) {
            marks.put(look.connection(), new Mark(request, look.moved(), mark == null ? began : now));
            return false;
        }
        return now - mark.at() > STALLED_AFTER.toNanos();
    }

    /** True when the transfer was cut. */
    private static boolean end(Look look) {
        if (look.use() == Use.BUSY) {
            // the request waits for the ring, to join or to leave
            look.connection().interruptRequest(look);
            return false;
        }
        boolean isCut = look.connection().giveUp(look);
        if (isCut) {
            log.warn("cut {} after {} bytes: its client moved next to nothing for {} s", look.request(), look.moved(),
                    STALLED_AFTER.toSeconds());
        }
        return isCut;
    }

    private void unwind() {
        long began = System.nanoTime();
        while (admission.running() > 0 && System.nanoTime() - began < UNWINDS_WITHIN.toNanos()) {
            if (!pause()) {
                return;
            }
        }
    }

    /** False when this thread must end. */
    private static boolean pause() {
        try {
            Thread.sleep(LOOK_AGAIN);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String count(int requests) {
        return requests == 1 ? "1 request" : requests + " requests";
    }

    private static String names(List<Look> running) {
        String named = running.stream().limit(MOST_NAMED)
                .map(look -> look.request() + " (" + look.moved() + " bytes so far)").collect(Collectors.joining(", "));
        return running.size() > MOST_NAMED ? named + ", ..." : named;
    }
}
