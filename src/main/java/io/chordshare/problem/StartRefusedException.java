package io.chordshare.problem;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node does not start because its settings are wrong. Says what is wrong and what to do; the stack trace is useless.
 *
 * @param what what is wrong, in whole sentences
 * @param action what to do about it, in whole sentences
 */
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
