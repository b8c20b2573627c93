package io.chordshare.problem;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A node does not start, because it is set up wrongly. Says what is wrong and what to do; its stack is of no use. */
public class StartRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String action;

    /**
     * @param what   is wrong, in whole sentences
     * @param action what the person who starts the node does about it, in whole sentences
     */
    public StartRefusedException(String what, String action) {
        this(what, action, null);
    }

    public StartRefusedException(String what, String action, @Nullable Throwable cause) {
        super(what, cause);
        this.action = Objects.requireNonNull(action);
    }

    public String action() {
        return action;
    }
}
