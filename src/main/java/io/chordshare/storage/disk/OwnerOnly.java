package io.chordshare.storage.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files and directories that nobody but the node's own user can read: 0600 and 0700, whatever the umask. Where the file
 * system has no such permissions (Windows), what it inherits from the directory above.
 */
public final class OwnerOnly {

    private static final Logger LOG = LoggerFactory.getLogger(OwnerOnly.class);

    private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private OwnerOnly() {}

    /** Opens a file for writing from its start, and creates it where there is none. */
    public static FileChannel create(Path file) throws IOException {
        return open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE));
    }

    static FileChannel open(Path file, Set<? extends OpenOption> options) throws IOException {
        return FileChannel.open(file, options, attributes(FILE));
    }

    /** Creates the directory, and those above it, where they are not there. */
    public static void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, attributes(DIRECTORY));
    }

    /** Creates an empty file, or closes the one that is there. */
    public static void createFile(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, attributes(FILE));
        } else if (POSIX && !Files.getPosixFilePermissions(file).equals(FILE)) {
            Files.setPosixFilePermissions(file, FILE);
        }
    }

    /**
     * Closes a directory that was there before. That of a volume may belong to somebody else, who lets this node in by
     * its group: what the node creates in it is closed all the same.
     */
    public static void closeDirectory(Path directory) throws IOException {
        if (!POSIX || Files.getPosixFilePermissions(directory).equals(DIRECTORY)) {
            return;
        }
        try {
            Files.setPosixFilePermissions(directory, DIRECTORY);
        } catch (IOException e) {
            LOG.warn("The data directory {} stays open to others, because it is not this user's: {}. Files in it are"
                    + " closed all the same", directory, e.getMessage());
        }
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return POSIX ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }
}
