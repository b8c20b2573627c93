package io.chordshare.cli;

/** A command failed. The message is for people and says what to do. */
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
