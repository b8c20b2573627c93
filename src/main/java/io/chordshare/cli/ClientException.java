package io.chordshare.cli;

/** A command cannot do what it was asked for. The message says what to do about it, and is for people. */
public class ClientException extends Exception {

    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    public ClientException(ExitCode code, String message) {
        super(message);
        this.code = code;
    }

    public ClientException(ExitCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ExitCode code() {
        return code;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
