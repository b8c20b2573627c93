package io.chordshare.cli.transfer;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The received part of a download. It lies in the same folder as the target, so that a move makes it the target
 * atomically. Its name contains the version, so that one file never mixes two versions. Its writer holds its lock.
 */
final class PartFile implements AutoCloseable {

    private static final String PREFIX = ".chordshare-";
    private static final String SUFFIX = ".part";
    private static final int KEY_DIGITS = 16;
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final String NO_VERSION = "unknown";

    private final Path file;
    private final Path target;
    private final FileChannel channel;
    private final boolean canContinue;
    private boolean gone;

    private PartFile(Path file, Path target, FileChannel channel, boolean canContinue) {
        this.file = file;
        this.target = target;
        this.channel = channel;
        this.canContinue = canContinue;
    }

    /**
     * Opens the part of this version, or a new one. Deletes parts of other versions.
     *
     * @param version 64 hex digits; null when the version has no name, so that no part can be continued
     */
    static PartFile open(Path target, @Nullable String version) throws ClientException {
        Path file = folder(target).resolve(prefix(target) + (version == null ? NO_VERSION : version) + SUFFIX);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            if (!isLocked(channel)) {
                channel.close();
                throw new ClientException(ExitCode.CONFLICT, LocalFiles.quoted(target)
                        + " is being downloaded by another process already. Wait for it, or name another file with -o");
            }
            for (Path other : of(target)) {
                if (!other.equals(file)) {
                    Files.deleteIfExists(other);
                }
            }
            return new PartFile(file, target, channel, version != null);
        } catch (IOException e) {
            throw LocalFiles.cannotWrite(file, e);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Whether there is a part of an earlier download of this target. */
    static boolean existsFor(Path target) throws ClientException {
        return !of(target).isEmpty();
    }

    private static List<Path> of(Path target) throws ClientException {
        List<Path> parts = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder(target), prefix(target) + "*" + SUFFIX)) {
            found.forEach(parts::add);
            return parts;
        } catch (IOException | DirectoryIteratorException e) {
            IOException cause = e instanceof IOException plain ? plain : new IOException(e.getCause());
            throw LocalFiles.cannotRead(folder(target), cause);
        }
    }

    /** Shortened, because the target's own name may have the maximum length. */
    private static String prefix(Path target) {
        MessageDigest digest = Checksum.start();
        digest.update(target.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        return PREFIX + Checksum.end(digest).substring(0, KEY_DIGITS) + "-";
    }

    private static Path folder(Path target) {
        Path folder = target.toAbsolutePath().getParent();
        return folder == null ? target.toAbsolutePath() : folder;
    }

    /** Adds the existing bytes to the digest and positions behind them. Returns their number. */
    long continueBehind(MessageDigest digest, long limit) throws ClientException {
        try {
            if (!canContinue || channel.size() > limit) {
                channel.truncate(0);
            }
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            channel.position(0);
            while (channel.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
            return channel.position();
        } catch (IOException e) {
            throw LocalFiles.cannotRead(file, e);
        }
    }

    void empty() throws ClientException {
        try {
            channel.truncate(0);
        } catch (IOException e) {
            throw LocalFiles.cannotWrite(file, e);
        }
    }

    void write(byte[] bytes, int count) throws ClientException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw LocalFiles.cannotWrite(target, e);
        }
    }

    /** The download is complete: moves it to the target. */
    void moveToTarget(boolean replace) throws ClientException {
        if (!replace && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new ClientException(ExitCode.CONFLICT, LocalFiles.quoted(target)
                    + " appeared while it was downloaded. Replace it with --force, or name another file with -o");
        }
        try {
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            gone = true;
        } catch (IOException e) {
            throw LocalFiles.cannotWrite(target, e);
        }
    }

    /** Deletes a part that is useless. */
    void delete() {
        try {
            Files.deleteIfExists(file);
            gone = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps the part, so that a later download can continue it. */
    @Override
    public void close() {
        try {
            boolean useless = !gone && (!canContinue || channel.size() == 0);
            channel.close();
            if (useless) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
