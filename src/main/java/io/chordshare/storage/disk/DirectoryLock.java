package io.chordshare.storage.disk;

import io.chordshare.storage.error.StoreInUseException;
import io.chordshare.storage.error.StoreNotOpenedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Locks a node's directory for one store, and checks that this version can read the directory's format. */
public final class DirectoryLock implements AutoCloseable {

    /** The format of layout and tables that this version writes: 2 since records belong to slots. */
    static final int FORMAT = 3;

    /**
     * Directories that this JVM has locked. Checked before the lock file is opened: POSIX releases the lock of a
     * process as soon as the process closes any handle on the file, so a refused second open would unlock the first.
     */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Locks the directory. The operating system releases the lock when the process dies, so a crash never leaves a
     * stale lock.
     */
    public static DirectoryLock acquire(Layout layout) throws IOException {
        Path directory = layout.root().toRealPath();
        if (!HELD_HERE.add(directory)) {
            throw new StoreInUseException(layout.root());
        }
        try {
            return new DirectoryLock(directory, lock(layout));
        } catch (IOException | RuntimeException e) {
            HELD_HERE.remove(directory);
            throw e;
        }
    }

    private static FileChannel lock(Layout layout) throws IOException {
        FileChannel channel = OwnerOnly.open(layout.lock(),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        try {
            if (channel.tryLock() == null) {
                throw new StoreInUseException(layout.root());
            }
            checkFormat(layout);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void checkFormat(Layout layout) throws IOException {
        if (!Files.exists(layout.format())) {
            writeFormat(layout);
            return;
        }
        String text = Files.readString(layout.format(), StandardCharsets.ISO_8859_1).strip();
        int found;
        try {
            found = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new StoreNotOpenedException("The file " + layout.format() + " does not contain a format number. It is"
                    + " damaged, or this is not the data directory of a node.",
                    "Restore the file, which contains one line with " + FORMAT
                    + ", or name another directory with chordshare.node.data-dir.", e);
        }
        if (found < FORMAT) {
            // the tables are migrated when the database is opened; an older version must not open them any more
            writeFormat(layout);
        }
        if (found > FORMAT) {
            throw new StoreNotOpenedException("The data directory " + layout.root() + " has format " + found
                    + ", and this version of Chordshare reads formats up to " + FORMAT + ".", "Start the newer version"
                    + " again, or name another directory with chordshare.node.data-dir.");
        }
    }

    private static void writeFormat(Layout layout) throws IOException {
        DurableFiles.replace(layout.format(), (FORMAT + "\n").getBytes(StandardCharsets.US_ASCII),
                layout.root().resolve("format.new"));
    }

    @Override
    public void close() throws IOException {
        // In this order, and only once: the next store that opens the directory in this JVM must find the file unlocked
        if (channel.isOpen()) {
            try {
                channel.close();
            } finally {
                HELD_HERE.remove(directory);
            }
        }
    }
}
