package io.chordshare.admin;

import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.replication.Decommission;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A user's wish to leave. */
public final class LeaveService {

    private final Decommission leaving;

    LeaveService(Decommission leaving) {
        this.leaving = leaving;
    }

    /** True when it has left; false when it goes on in the background. */
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
                        + ". It goes on in the background: look at GET /ring; DELETE /ring/leave stays after all",
                        null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChordshareException(ProblemType.SHUTTING_DOWN, "This node is being stopped", e);
        }
        Optional<String> refusal = leaving.refusal();
        if (refusal.isPresent()) {
            throw new ChordshareException(ProblemType.CANNOT_LEAVE, refusal.get()
                    + ". Make room or add a node, or leave with ?force=true and lose what only this node holds");
        }
        return true;
    }

    private static String describe(Decommission.Progress progress) {
        String blocked = progress.blockedBy() == null ? "" : " (" + progress.blockedBy() + ")";
        return ": " + progress.filesLeft() + " files are left" + blocked;
    }
}
