package io.chordshare.storage.error;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The data directory cannot be used in its current state. A person has to repair it before the node can start.
 *
 * @param what what is wrong, in whole sentences
 * @param action what to do about it, in whole sentences
 */
public sealed class StoreNotOpenedException extends StorageException permits StoreInUseException {

    private static final String ANOTHER = "Name another directory with chordshare.node.data-dir.";

    private final String action;

    /**
     * @param what   is wrong, in whole sentences
     * @param action what to do about it, in whole sentences
     */
    public StoreNotOpenedException(String what, String action) {
        this(what, action, null);
    }

    public StoreNotOpenedException(String what, String action, @Nullable Throwable cause) {
        super(what, cause);
        this.action = action;
    }

    /** Explains a failure to open the directory. */
    public static StoreNotOpenedException of(Path directory, Exception failure) {
        return switch (failure) {
            case FileAlreadyExistsException file -> new StoreNotOpenedException("The data directory " + directory
                    + " cannot be made: " + file.getFile() + " is a file.", ANOTHER, failure);
            case AccessDeniedException denied -> new StoreNotOpenedException("The data directory " + directory
                    + " cannot be used: the user " + System.getProperty("user.name") + " may not read and write "
                    + denied.getFile() + ".",
                    "Make this user the owner of the directory and of everything in it, start the node as the user"
                    + " that it ran as before, or name another directory with chordshare.node.data-dir.", failure);
            default -> new StoreNotOpenedException("The data directory " + directory + " cannot be opened: "
                    + failure.getMessage() + ".", "Check that its disk works, has room and is writable. "
                    + ANOTHER, failure);
        };
    }

    public String action() {
        return action;
    }
}
