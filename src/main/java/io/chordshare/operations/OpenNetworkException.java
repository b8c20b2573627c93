package io.chordshare.operations;

import org.jspecify.annotations.Nullable;

/** A node was about to listen beyond loopback although nobody decided for that. */
final class OpenNetworkException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String property;

    OpenNetworkException(String property, @Nullable String address) {
        super(address == null || address.isBlank()
                ? property + " is not set, so others than this machine could reach the port."
                : property + "=" + address + " can be reached from other machines.");
        this.property = property;
    }

    OpenNetworkException(String property, String address, Throwable cause) {
        super(property + "=" + address + " cannot be resolved, so nobody knows who could reach the port.", cause);
        this.property = property;
    }

    /** The setting that has to be changed. */
    String property() {
        return property;
    }
}
