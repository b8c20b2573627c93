package io.chordshare.security;

import io.chordshare.problem.StartRefusedException;
import org.jspecify.annotations.Nullable;

/** A node would listen beyond loopback, but nothing allows that explicitly. */
final class OpenNetworkException extends StartRefusedException {

    private static final long serialVersionUID = 1L;

    private static final String CONSEQUENCE = " Everyone there could read, write and delete all files.";

    OpenNetworkException(String property, @Nullable String address) {
        super((address == null || address.isBlank()
                ? property + " is not set, so other machines could reach the port."
                : property + "=" + address + " can be reached from other machines.") + CONSEQUENCE, action(property));
    }

    OpenNetworkException(String property, String address, Throwable cause) {
        super(property + "=" + address + " cannot be resolved, so other machines may reach the port." + CONSEQUENCE,
                action(property), cause);
    }

    private static String action(String property) {
        return "Set " + property + "=127.0.0.1. Or, if everyone who can reach this machine may do that, set"
                + " chordshare.security.open=true.";
    }
}
