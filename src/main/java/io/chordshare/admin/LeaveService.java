package io.chordshare.admin;

import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.replication.Decommission;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Handles a user's request to leave the ring. */
final class LeaveService {

    private final Decommission leaving;

    LeaveService(Decommission leaving) {
        this.leaving = leaving;
    }

    /** True when the node has left; false when the leave continues in the background. */
    boolean leave(@Nullable Duration wait, boolean force) {
        if (force) {
            leaving.force();
            return true;
        }
        leaving.begin();
        if (wait == null) {
            return false;
        }
        try {
            if (!leaving.await(JoinService.limit(wait))) {
                String left = leaving.progress().map(LeaveService::describe).orElse("");
                throw new ChordshareException(ProblemType.TIMED_OUT, "Not done after " + wait.toSeconds() + " s" + left
                        + ". The leave continues in the background. GET /ring shows it, DELETE /ring/leave cancels it",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChordshareException(ProblemType.SHUTTING_DOWN, "This node is being stopped", e);
        }
        Optional<String> refusal = leaving.refusal();
        if (refusal.isPresent()) {
            throw new ChordshareException(ProblemType.CANNOT_LEAVE, refusal.get()
                    + ". Free disk space or add a node, or use ?force=true and lose what only this node holds");
        }
        return true;
    }

    private static String describe(Decommission.Progress progress) {
        String blocked = progress.blockedBy() == null ? "" : " (" + progress.blockedBy() + ")";
        return ": " + progress.filesLeft() + " files remain" + blocked;
    }
}
