package io.chordshare.storage;

import org.jspecify.annotations.Nullable;

/** The data directory cannot be used as it is. A person has to do something about it before the node starts. */
public sealed class StoreNotOpenedException extends StorageException permits StoreInUseException {

    private final String action;

    /**
     * @param what   is wrong, in whole sentences
     * @param action what to do about it, in whole sentences
     */
    StoreNotOpenedException(String what, String action) {
        this(what, action, null);
    }

    StoreNotOpenedException(String what, String action, @Nullable Throwable cause) {
        super(what, cause);
        this.action = action;
    }

    public String action() {
        return action;
    }
}
