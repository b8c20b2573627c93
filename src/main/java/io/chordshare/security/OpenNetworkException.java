package io.chordshare.security;

import io.chordshare.problem.StartRefusedException;
import org.jspecify.annotations.Nullable;

/** A node was about to listen beyond loopback although nobody decided for that. */
public final class OpenNetworkException extends StartRefusedException {

    private static final long serialVersionUID = 1L;

    private static final String CONSEQUENCE = " Anyone there could read, write and delete all files of its network.";

    OpenNetworkException(String property, @Nullable String address) {
        super((address == null || address.isBlank()
                ? property + " is not set, so others than this machine could reach the port."
                : property + "=" + address + " can be reached from other machines.") + CONSEQUENCE, action(property));
    }

    OpenNetworkException(String property, String address, Throwable cause) {
        super(property + "=" + address + " cannot be resolved, so nobody knows who could reach the port." + CONSEQUENCE,
                action(property), cause);
    }

    private static String action(String property) {
        return "Set " + property + "=127.0.0.1, or, if everyone who can reach this machine may do that,"
                + " chordshare.security.open=true.";
    }
}
