package io.chordshare.cli.transfer;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.Version;
import io.chordshare.cli.http.NodeClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A download to a file. It continues an earlier download, replaces a file only when told to, and becomes the target
 * when it is complete and correct.
 */
public final class FileDownload implements Download.Sink, AutoCloseable {

    private static final int BUFFER_BYTES = 256 * 1024;

    private final NodeClient client;
    private final Progress progress;
    private final String name;
    private final Path target;
    private @Nullable PartFile part;

    private FileDownload(NodeClient client, Progress progress, String name, Path target) {
        this.client = client;
        this.progress = progress;
        this.name = name;
        this.target = target;
    }

    /**
     * @param replace whether to replace an existing file
     * @return the download; null when the same file already existed
     */
    public static Download.@Nullable Done to(Path target, String name, boolean replace, NodeClient client,
            Progress progress)
            throws ClientException {
        if (Files.isDirectory(target)) {
            throw new ClientException(ExitCode.CONFLICT, LocalFiles.quoted(target)
                    + " is a folder. Name a file with -o");
        }
        if (!replace && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            requireSame(target, new Download(client, progress, name).head());
            return null;
        }
        try (FileDownload download = new FileDownload(client, progress, name, target)) {
            return download.run(replace);
        }
    }

    private static void requireSame(Path target, Version version) throws ClientException {
        try {
            boolean same = version.sha256() != null && Files.size(target) == version.size()
                    && sha256(target).equals(version.sha256());
            if (!same) {
                throw new ClientException(ExitCode.CONFLICT, LocalFiles.quoted(target)
                        + " exists and is different. Replace it with --force, or name another file with -o");
            }
        } catch (IOException e) {
            throw LocalFiles.cannotRead(target, e);
        }
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest = Checksum.start();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return Checksum.end(digest);
    }

    private Download.Done run(boolean replace) throws ClientException {
        Download download = new Download(client, progress, name);
        if (PartFile.existsFor(target)) {
            Version now = download.head();
            MessageDigest digest = Checksum.start();
            part = PartFile.open(target, now.key());
            download.behind(now, part.continueBehind(digest, now.size()), digest);
        }
        try {
            Download.Done done = download.into(this);
            open().moveToTarget(replace);
            return done;
        } catch (ClientException e) {
            if (e.code() == ExitCode.DAMAGED) {
                open().delete();
            }
            throw e;
        }
    }

    @Override
    public void begin(Version version) throws ClientException {
        close();
        part = PartFile.open(target, version.key());
        part.empty();
    }

    @Override
    public void write(byte[] bytes, int count) throws ClientException {
        open().write(bytes, count);
    }

    private PartFile open() {
        if (part == null) {
            throw new IllegalStateException("nothing has begun yet");
        }
        return part;
    }

    @Override
    public void close() {
        if (part != null) {
            part.close();
            part = null;
        }
    }
}
