package io.chordshare.files;

/** A text that cannot be the name of a file. Its message says what to do and may be shown to the sender of the name. */
public class InvalidNameException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InvalidNameException(String message) {
        super(message);
    }
}
