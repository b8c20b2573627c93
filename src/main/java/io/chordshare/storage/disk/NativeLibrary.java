package io.chordshare.storage.disk;

import io.chordshare.storage.error.StoreNotOpenedException;
import io.chordshare.storage.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * The native library of SQLite. The operating system loads a library only from a file. So the library is unpacked once
 * into the node's own directory and loaded from there at each start, which also works on a full disk. If programs may
 * not run from that directory, the library is loaded from the system's temporary directory and deleted at once. The
 * driver's own loader always needs the temporary directory, and leaves a file there after each {@code kill -9}.
 */
public final class NativeLibrary {

    /** Where the driver looks first. If this is set, the library is installed there, and nothing is unpacked. */
    private static final String DRIVERS_PATH = "org.sqlite.lib.path";
    private static final String DRIVERS_NAME = "org.sqlite.lib.name";
    private static final String DRIVERS_TEMPORARY = "org.sqlite.tmpdir";

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

    private static boolean loaded;

    private NativeLibrary() {}

    /**
     * Loads the library, once per JVM.
     *
     * @throws StoreNotOpenedException when the library can be loaded from nowhere
     */
    public static synchronized void load(Layout layout) {
        if (!loaded && System.getProperty(DRIVERS_PATH) == null) {
            load(layout, Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath(), NativeLibrary::loadIntoDriver);
        }
        loaded = true;
    }

    /** @param loader throws {@link UnsatisfiedLinkError} when the file cannot be loaded */
    public static void load(Layout layout, Path elsewhere, Consumer<Path> loader) {
        Throwable first;
        try {
            loader.accept(kept(layout));
            return;
        } catch (IOException | UnsatisfiedLinkError e) {
            LOG.debug("SQLite's library cannot be loaded from the data directory", e);
            first = e;
        }
        try {
            loadAndDelete(elsewhere, loader);
        } catch (IOException | UnsatisfiedLinkError e) {
            e.addSuppressed(first);
            throw new StoreNotOpenedException("The native library of SQLite can be loaded neither from "
                    + layout.libraries()
                    + " (" + first + ") nor from " + elsewhere + " (" + e + ").",
                    "If both are mounted noexec, start the node with -Djava.io.tmpdir=DIRECTORY, and choose a DIRECTORY"
                            + " that programs may run from. If there is no library for this kind of machine, build "
                            + LibraryLoaderUtil.getNativeLibName() + " of sqlite-jdbc and name its directory with -D"
                            + DRIVERS_PATH + "=DIRECTORY.", e);
        }
    }

    /** The library in the node's own directory. Unpacks it unless it is there already. */
    private static Path kept(Layout layout) throws IOException {
        byte[] library = library();
        Path file = layout.libraries().resolve(Sha256.of(library) + "-" + LibraryLoaderUtil.getNativeLibName());
        if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), library)) {
            DurableFiles.createDirectory(layout.libraries());
            DurableFiles.replace(file, library, layout.temporary().resolve("library"));
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(layout.libraries(),
                other -> !other.equals(file))) {
            // Libraries of other versions of the driver
            for (Path other : all) {
                Files.delete(other);
            }
        }
        return file;
    }

    private static byte[] library() throws IOException {
        String source = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
        try (InputStream library = SQLiteJDBCLoader.class.getResourceAsStream(source)) {
            if (library == null) {
                throw new IOException("there is no library for this kind of machine: " + source);
            }
            return library.readAllBytes();
        }
    }

    private static void loadAndDelete(Path directory, Consumer<Path> loader) throws IOException {
        Path file = Files.createTempFile(directory, "chordshare-", "-" + LibraryLoaderUtil.getNativeLibName());
        try {
            Files.write(file, library());
            loader.accept(file);
        } finally {
            delete(file);
        }
    }

    /** A loaded library does not need its file, but Windows locks the file until the process ends. */
    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.debug("{} is deleted when the node ends", file, e);
            file.toFile().deleteOnExit();
        }
    }

    private static void loadIntoDriver(Path file) {
        // Load without the driver first: the driver would log a stack trace and unpack the library itself
        System.load(file.toString());
        System.setProperty(DRIVERS_PATH, file.getParent().toString());
        System.setProperty(DRIVERS_NAME, file.getFileName().toString());
        System.setProperty(DRIVERS_TEMPORARY, file.getParent().toString());
        try {
            SQLiteJDBCLoader.initialize();
        } catch (Exception e) {
            throw new IllegalStateException("the SQLite driver does not accept its library", e);
        } finally {
            System.clearProperty(DRIVERS_PATH);
            System.clearProperty(DRIVERS_NAME);
            System.clearProperty(DRIVERS_TEMPORARY);
        }
    }
}
