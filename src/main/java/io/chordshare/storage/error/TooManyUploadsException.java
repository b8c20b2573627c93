package io.chordshare.storage.error;

import io.chordshare.storage.blocks.Pins;

/**
 * This node keeps blocks for as many unfinished uploads as it may. Trying again helps once others end or are given up.
 */
public final class TooManyUploadsException extends StorageException {

    public TooManyUploadsException() {
        super("this node keeps blocks for " + Pins.MAX_UPLOADS + " unfinished uploads already. Try again in a minute",
                null);
    }
}
