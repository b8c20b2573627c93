package io.chordshare.files;

/** A text is not a valid file name. The message says what to do, and may be shown to the sender. */
public class InvalidNameException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public InvalidNameException(String message) {
        super(message);
    }
}
