package io.chordshare.storage.error;

import io.chordshare.storage.blocks.Pins;

/** This node has too many open uploads. Trying again helps once other uploads end. */
public final class TooManyUploadsException extends StorageException {

    public TooManyUploadsException() {
        super("this node already holds blocks of " + Pins.MAX_UPLOADS + " unfinished uploads. Try again in a minute",
                null);
    }
}
