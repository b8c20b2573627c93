package io.chordshare.register;

import io.chordshare.id.ChordId;
import io.chordshare.placement.Placement;
import io.chordshare.placement.View;
import io.chordshare.register.UnavailableException.Reason;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.storage.model.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One name, one request: how long it may still try, and how often it has lost. */
final class Try {

    /** A death is noticed, and a view changed, within a few seconds; a request outlasts that. */
    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration TRIES_AGAIN_AFTER = Duration.ofMillis(50);
    /** Two writers that keep step must get out of it: the pause after a lost race is random, and doubles. */
    private static final Duration SHORTEST_WINDOW = Duration.ofMillis(20);
    private static final Duration LONGEST_WINDOW = Duration.ofMillis(200);
    private static final int MOST_DOUBLINGS = 3;
    /** So often a reader waits for a writer that has the promise of some members. */
    private static final int MAX_WAITS = 4;
    /** Lost races for one name before the writer is told. */
    private static final int MAX_RACES = 40;

    private final NodeRuntime runtime;
    private final Placement placement;
    private final String key;
    private final ChordId position;
    private final Duration deadline;
    private int races;
    private int waits;
    private Duration lastPause;
    private boolean believesItsClock = true;

    Try(NodeRuntime runtime, Placement placement, String name) {
        this.runtime = runtime;
        this.placement = placement;
        position = ChordId.ofName(name);
        key = position.toString();
        deadline = runtime.uptime().plus(PATIENCE);
        lastPause = runtime.uptime();
    }

    String key() {
        return key;
    }

    private int slot() {
        return placement.slots().of(position);
    }

    /** The view that is believed to answer: waits until one is known. */
    View view() throws UnavailableException {
        while (true) {
            int slot = slot();
            Optional<View> view = placement.known(slot).or(() -> placement.find(slot));
            if (view.isPresent()) {
                return view.get();
            }
            pause(Reason.NO_VIEW, "this node knows of no node that answers for the file");
        }
    }

    boolean isTimeLeft() {
        return runtime.uptime().compareTo(deadline) <= 0;
    }

    /** After too few replies: waits for a view that changes or for nodes that come back. */
    void again(Replies replies) throws UnavailableException {
        checkRoom(replies);
        // a clock that is far ahead makes versions that nobody accepts
        believesItsClock = false;
        if (!replies.isOfChangingView()) {
            placement.find(slot());
        }
        pause(Reason.NO_MAJORITY, "only " + replies.with(RegisterStatus.DONE).size() + " of the "
                + replies.view().members().size() + " nodes that answer for this file take part");
    }

    /** @throws UnavailableException when members have refused because they have no room: waiting does not help */
    static void checkRoom(Replies replies) throws UnavailableException {
        if (replies.hasNoRoom()) {
            throw new UnavailableException(Reason.DISK_FULL, String.join("; ", replies.full()));
        }
    }

    private void pause(Reason reason, String why) throws UnavailableException {
        if (runtime.uptime().compareTo(deadline) > 0) {
            throw new UnavailableException(reason, why);
        }
        runtime.sleep(TRIES_AGAIN_AFTER);
    }

    /**
     * Waits a moment for a writer that is about to write.
     *
     * @return whether it waited; false when there was time enough
     */
    boolean letOthersFinish() {
        if (++waits > MAX_WAITS) {
            return false;
        }
        pauseAtRandom(waits);
        return true;
    }

    void lostRace() throws UnavailableException {
        if (++races > MAX_RACES || runtime.uptime().compareTo(deadline) > 0) {
            throw new UnavailableException(Reason.CONTENDED, "others write this file all the time");
        }
        pauseAtRandom(races);
    }

    /** The longer a try takes, the longer the others must be left alone. */
    private void pauseAtRandom(int times) {
        Duration took = runtime.uptime().minus(lastPause);
        long most = Math.clamp(took.toMillis(), SHORTEST_WINDOW.toMillis(), LONGEST_WINDOW.toMillis());
        runtime.sleep(Duration.ofMillis(1 + runtime.random().nextLong(most << Math.min(times - 1, MOST_DOUBLINGS))));
        lastPause = runtime.uptime();
    }

    /** Above everything that was seen, and at least what the clock says: see {@link Version}. */
    Version next(Version highest) {
        Instant now = runtime.wallClock();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
        return new Version(Math.max(highest.counter() + 1, believesItsClock ? micros : 0), placement.self() + ":"
                + Long.toHexString(runtime.random().nextLong()));
    }
}
