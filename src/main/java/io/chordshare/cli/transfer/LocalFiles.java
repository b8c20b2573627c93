package io.chordshare.cli.transfer;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.terminal.Printable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files of this machine: paths for names from the network, and error messages about paths. */
public final class LocalFiles {

    private LocalFiles() {}

    /**
     * The path for a file of the network below a folder. The path never leaves the folder, whatever the name is,
     * because names come from strangers. Links on the way that lead elsewhere are refused.
     */
    public static Path below(Path folder, String name) throws ClientException {
        Path path = folder;
        for (String segment : name.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..") || segment.indexOf('\\') >= 0) {
                throw refused(name);
            }
            path = path.resolve(path(segment));
        }
        Path root = folder.toAbsolutePath().normalize();
        Path there = path.toAbsolutePath().normalize();
        if (!there.startsWith(root) || there.equals(root)) {
            throw refused(name);
        }
        return path;
    }

    private static ClientException refused(String name) {
        return new ClientException(ExitCode.FAILED, Printable.quoted(name)
                + " cannot be a file in a folder of this machine."
                + " Give it another name here: get NAME -o FILE");
    }

    /** Creates the folders for a file that {@link #below} named. */
    public static void makeFolders(Path folder, Path file) throws ClientException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            return;
        }
        try {
            Files.createDirectories(folder);
            Path there = parent;
            while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS) && there.getParent() != null) {
                there = there.getParent();
            }
            if (!there.toRealPath().startsWith(folder.toRealPath())) {
                throw new ClientException(ExitCode.FAILED, quoted(there) + " leads out of " + quoted(folder)
                        + ". Remove that link, or get into another folder with -o");
            }
            Files.createDirectories(parent);
        } catch (IOException e) {
            throw cannotWrite(parent, e);
        }
    }

    /** @throws ClientException when this machine cannot have such a path */
    public static Path path(String text) throws ClientException {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ClientException(ExitCode.FAILED, Printable.quoted(text)
                    + " cannot be a path on this machine. With other letters"
                    + " than English ones, a terminal needs a UTF-8 locale: try LC_ALL=C.UTF-8", e);
        }
    }

    public static ClientException cannotRead(Path file, IOException e) {
        ExitCode code = e instanceof NoSuchFileException ? ExitCode.NOT_FOUND : ExitCode.FAILED;
        return new ClientException(code, quoted(file) + " cannot be read: " + reason(e), e);
    }

    static ClientException cannotWrite(Path file, IOException e) {
        return new ClientException(ExitCode.FAILED, quoted(file) + " cannot be written: " + reason(e), e);
    }

    public static String quoted(Path path) {
        return Printable.quoted(path.toString());
    }

    private static String reason(IOException e) {
        String said = e instanceof FileSystemException of ? of.getReason() : e.getMessage();
        return switch (e) {
            case NoSuchFileException missing -> "there is nothing of that name";
            case AccessDeniedException denied -> "you are not allowed to";
            default -> said == null ? e.getClass().getSimpleName() : Printable.of(said);
        };
    }
}
