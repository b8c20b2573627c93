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
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates files and directories that only the node's user can read: 0600 and 0700, whatever the umask. If the file
 * system has no such permissions (Windows), they inherit those of the parent directory.
 */
public final class OwnerOnly {

    private static final Logger LOG = LoggerFactory.getLogger(OwnerOnly.class);

    private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private OwnerOnly() {}

    /** Opens a file for writing from its start. Creates it if it does not exist. */
    public static FileChannel create(Path file) throws IOException {
        return open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE));
    }

    static FileChannel open(Path file, Set<? extends OpenOption> options) throws IOException {
        return FileChannel.open(file, options, attributes(FILE));
    }

    /** Creates the directory and its missing parents. */
    public static void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, attributes(DIRECTORY));
    }

    /** Creates an empty file, or restricts the permissions of an existing one. */
    public static void createFile(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, attributes(FILE));
        } else if (POSIX && !Files.getPosixFilePermissions(file).equals(FILE)) {
            Files.setPosixFilePermissions(file, FILE);
        }
    }

    /**
     * Restricts the permissions of a node's directory, or of an empty one that will be a node's. A directory with other
     * content keeps its permissions. The directory of a volume may belong to another user who gives this node access by
     * its group. Then only the files in it are restricted.
     */
    public static void closeNodeDirectory(Layout layout) throws IOException {
        boolean empty;
        try (Stream<Path> content = Files.list(layout.root())) {
            empty = content.findAny().isEmpty();
        }
        if (empty || Files.exists(layout.format())) {
            closeDirectory(layout.root());
        }
    }

    private static void closeDirectory(Path directory) throws IOException {
        if (!POSIX || Files.getPosixFilePermissions(directory).equals(DIRECTORY)) {
            return;
        }
        try {
            Files.setPosixFilePermissions(directory, DIRECTORY);
        } catch (IOException e) {
            LOG.warn("Other users can still read the data directory {}, because this user does not own it: {}. They"
                    + " cannot read the files in it", directory, e.getMessage());
        }
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return POSIX ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }
}
