package io.chordshare.ring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A simple failure detector: a peer that misses several pings in a row is dead; any answer is a sign of life. (Adaptive
 * timeouts, indirect pings and suspicion are to come.)
 */
final class FailureDetector {

    /** Verdict on a peer after it was asked. */
    enum Verdict { ALIVE, DEAD }

    private final NodeRuntime runtime;
    private final RingSettings settings;
    private final StateCell cell;
    private final Map<RingId, Integer> misses = new ConcurrentHashMap<>();

    FailureDetector(NodeRuntime runtime, RingSettings settings, StateCell cell) {
        this.runtime = runtime;
        this.settings = settings;
        this.cell = cell;
    }

    /** Whether it was silent when last asked: worth avoiding, not yet worth burying. */
    boolean suspects(Peer peer) {
        return misses.containsKey(peer.id());
    }

    void heard(Peer peer) {
        misses.remove(peer.id());
    }

    /** Takes an exception as evidence: silence counts against the peer, an answer of any kind for it. */
    void blame(Peer peer, PeerException e) {
        if (e.reason().isAlive()) {
            heard(peer);
        } else {
            misses.merge(peer.id(), 1, Integer::sum);
        }
    }

    /**
     * Pings until the peer answers or has missed enough. Somebody else at its address, or an answer that it is no longer
     * in our ring, is as good as dead at once: the pointer is of no use.
     */
    Verdict examine(Peer peer) {
        for (int missed = 0; missed < RingSettings.DEAD_AFTER_MISSES; missed++) {
            if (missed > 0) {
                runtime.sleep(settings.repingAfter());
            }
            try {
                RingRequest.Pong pong = runtime.call(peer, new RingRequest.Ping());
                heard(peer);
                return isInOurRing(pong) ? Verdict.ALIVE : Verdict.DEAD;
            } catch (PeerException e) {
                blame(peer, e);
                if (e.reason() == PeerException.Reason.NOT_THAT_NODE
                        || e.reason() == PeerException.Reason.WRONG_RING) {
                    return Verdict.DEAD;
                }
                if (e.reason().isAlive()) {
                    return Verdict.ALIVE;
                }
            }
        }
        return Verdict.DEAD;
    }

    /** Examines all of {@code peers} at once and returns the dead. */
    List<Peer> findDead(List<Peer> peers) {
        List<PeerCall<Verdict>> calls = new ArrayList<>();
        List<Peer> dead = Collections.synchronizedList(new ArrayList<>());
        for (Peer peer : peers) {
            calls.add(() -> {
                Verdict verdict = examine(peer);
                if (verdict == Verdict.DEAD) {
                    dead.add(peer);
                }
                return verdict;
            });
        }
        runtime.gather(calls);
        return List.copyOf(dead);
    }

    private boolean isInOurRing(RingRequest.Pong pong) {
        String ringId = cell.get().ringId();
        // a node that left founded a ring of its own; one that restarted is a member again only once it has joined
        return ringId != null && ringId.equals(pong.ringId()) && pong.status() != RingStatus.JOINING;
    }
}
