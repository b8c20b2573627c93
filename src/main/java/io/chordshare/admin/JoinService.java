package io.chordshare.admin;

import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.JoinFailedException;
import io.chordshare.runtime.NodeAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Handles a user's request to join a ring, and explains every failure. */
final class JoinService {

    /** Every request must end. A client that wants to wait longer sends another one. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final RingNode ring;

    JoinService(RingNode ring) {
        this.ring = ring;
    }

    /** @param merge whether the whole ring of this node joins */
    void join(@Nullable String address, boolean merge, Duration wait) {
        String checked = check(address);
        try {
            if (merge) {
                ring.joinAndMerge(checked, limit(wait));
            } else {
                ring.join(checked, limit(wait));
            }
        } catch (JoinFailedException e) {
            throw translate(e);
        } catch (TimeoutException e) {
            throw new ChordshareException(ProblemType.TIMED_OUT, "Not a member yet after " + wait.toSeconds()
                    + " s. The join continues in the background. GET /ring shows its result", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChordshareException(ProblemType.SHUTTING_DOWN, "This node is being stopped", e);
        }
    }

    static Duration limit(Duration wait) {
        if (wait.isNegative() || wait.compareTo(MAX_WAIT) > 0) {
            throw new ChordshareException(ProblemType.INVALID_REQUEST, "wait must be 0s to " + MAX_WAIT.toMinutes()
                    + "m, for example 30s");
        }
        return wait;
    }

    private static String check(@Nullable String address) {
        return Optional.ofNullable(address).flatMap(given -> NodeAddress.find(given.strip())).map(NodeAddress::toString)
                .orElseThrow(() -> new ChordshareException(ProblemType.INVALID_ADDRESS, "address must name a running"
                        + " node, without a path, like {\"address\":\"http://127.0.0.1:8081\"}"));
    }

    private static ChordshareException translate(JoinFailedException e) {
        String detail = String.valueOf(e.getMessage());
        return switch (e.reason()) {
            case ONESELF -> new ChordshareException(ProblemType.JOIN_SELF, detail, e);
            case NOBODY_THERE -> new ChordshareException(ProblemType.PEER_FAILED, detail
                    + ". Check the address, and that a node listens there", e);
            case IN_ANOTHER_RING, ID_TAKEN -> new ChordshareException(ProblemType.ALREADY_IN_RING, detail, e);
            case UNREACHABLE -> new ChordshareException(ProblemType.UNREACHABLE, detail, e);
            case NOT_A_MEMBER, NO_ROOM_NOW ->
                    new ChordshareException(ProblemType.NOT_A_MEMBER, detail, RETRY_AFTER, e);
        };
    }
}
