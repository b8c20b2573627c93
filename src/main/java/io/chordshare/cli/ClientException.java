package io.chordshare.cli;

/** A command cannot do what it was asked for. The message says what to do about it, and is for people. */
public class ClientException extends Exception {

    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    ClientException(ExitCode code, String message) {
        super(message);
        this.code = code;
    }

    ClientException(ExitCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    ExitCode code() {
        return code;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
