package io.chordshare.cli.transfer;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.Version;
import io.chordshare.cli.http.NodeAddress;
import io.chordshare.cli.http.NodeClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Receives one file in constant memory. When the connection breaks, it requests the rest of the same version
 * ({@code If-Range}). When the version has changed, a file is restarted. A pipe is aborted, because it already got the
 * beginning of the old version. At the end, the SHA-256 of the whole file is compared with the one from the node.
 */
public final class Download {

    private static final int PARTIAL_CONTENT = 206;
    private static final int FIRST_ERROR_STATUS = 400;
    /** Number of attempts in a row that transfer almost nothing. */
    private static final int MAX_USELESS_TRIES = 5;
    private static final long USEFUL_BYTES = 64 * 1024;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

    private final NodeClient client;
    private final Progress progress;
    private final String target;
    private MessageDigest begun = Checksum.start();
    private @Nullable Version version;
    private long position;
    private long resumedAt;

    public Download(NodeClient client, Progress progress, String name) {
        this.client = client;
        this.progress = progress;
        this.target = "/files/" + NodeAddress.path(name);
    }

    /** The target of the bytes. */
    interface Sink {

        /** Starts with the first version, or with a new one. Bytes of an older version are useless. */
        void begin(Version version) throws ClientException;

        void write(byte[] bytes, int count) throws ClientException;
    }

    /**
     * @param size      of the file
     * @param sha256    of the file
     * @param resumedAt bytes from an earlier download
     */
    public record Done(long size, String sha256, long resumedAt) {}

    /** The file's version, without its content. */
    Version head() throws ClientException {
        return client.retrying(() -> {
            HttpURLConnection connection = client.open("HEAD", target, NodeClient.PATIENCE);
            int status = client.status(connection);
            if (status == ExitCode.NOT_FOUND_STATUS) {
                throw notFound();
            }
            if (status >= FIRST_ERROR_STATUS) {
                throw client.refusal(connection, status);
            }
            return Version.of(connection, status);
        });
    }

    private ClientException notFound() {
        return new ClientException(ExitCode.NOT_FOUND, "There is no such file. List what there is with ls");
    }

    /** {@code bytes} of that version are already here, and in the digest. */
    public Download behind(Version known, long bytes, MessageDigest taken) {
        version = known;
        position = bytes;
        resumedAt = bytes;
        begun = taken;
        return this;
    }

    public Done into(Sink sink) throws ClientException {
        try (ParallelDigest digest = new ParallelDigest(begun)) {
            receiveAll(sink, digest);
            return check(digest.end());
        }
    }

    private void receiveAll(Sink sink, ParallelDigest digest) throws ClientException {
        int uselessTries = 0;
        while (!isWhole()) {
            long before = position;
            try {
                client.retrying(() -> {
                    receive(sink, digest);
                    return true;
                });
            } catch (ClientException e) {
                boolean isBroken = e.code() == ExitCode.UNREACHABLE && version != null && version.etag() != null;
                uselessTries = position - before >= USEFUL_BYTES ? 0 : uselessTries + 1;
                if (!isBroken || uselessTries == MAX_USELESS_TRIES) {
                    throw e;
                }
                progress.close();
                client.pause().pause(pauseAfter(uselessTries), "The connection broke after " + Amount.bytes(position));
            } finally {
                progress.close();
            }
        }
    }

    private static Duration pauseAfter(int uselessTries) {
        Duration pause = Duration.ofMillis(500).multipliedBy(1L << uselessTries);
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private boolean isWhole() {
        return version != null && version.size() >= 0 && position >= version.size();
    }

    private void receive(Sink sink, ParallelDigest digest) throws ClientException {
        HttpURLConnection connection = client.open("GET", target, NodeClient.PATIENCE);
        if (position > 0 && version != null && version.etag() != null) {
            connection.setRequestProperty("Range", "bytes=" + position + "-");
            connection.setRequestProperty("If-Range", version.etag());
        }
        int status = client.status(connection);
        if (status >= FIRST_ERROR_STATUS) {
            throw client.refusal(connection, status);
        }
        Version found = Version.of(connection, status);
        boolean continues = status == PARTIAL_CONTENT && version != null && found.isSameAs(version)
                && Version.start(connection) == position;
        if (!continues) {
            if (status == PARTIAL_CONTENT) {
                connection.disconnect();
                throw new ClientException(ExitCode.FAILED, client.node().base()
                        + " answered with another part than the one that was asked for. Ask another node with --node");
            }
            digest.restart();
            position = 0;
            resumedAt = 0;
            version = found;
            sink.begin(found);
        }
        progress.begin(found.size(), position);
        copy(connection, sink, digest, found.size());
    }

    private void copy(HttpURLConnection connection, Sink sink, ParallelDigest digest, long size)
            throws ClientException {
        try (InputStream in = connection.getInputStream()) {
            while (true) {
                byte[] buffer = digest.buffer();
                int count = in.read(buffer);
                if (count < 0) {
                    break;
                }
                digest.take(count);
                sink.write(buffer, count);
                position += count;
                progress.advance(count);
            }
        } catch (IOException e) {
            throw client.broken(e);
        }
        if (size < 0) {
            version = new Version(Objects.requireNonNull(version).etag(), position, version.sha256());
        } else if (position < size) {
            throw client.broken(new IOException("it ended after " + position + " of " + size + " bytes"));
        }
    }

    private Done check(String received) throws ClientException {
        String expected = Objects.requireNonNull(version).sha256();
        if (expected != null && !expected.equals(received)) {
            throw new ClientException(ExitCode.DAMAGED, "What arrived is not what was stored: its sha256 is "
                    + received + " and not "
                    + expected + ". Nothing of it was kept. Try again, or ask another node with --node");
        }
        return new Done(position, received, resumedAt);
    }

    /** A sink for a pipe. What was written cannot be taken back. */
    public static Sink pipe(OutputStream out) {
        return new Sink() {
            private boolean written;

            @Override
            public void begin(Version version) throws ClientException {
                if (written) {
                    throw new ClientException(ExitCode.CONFLICT,
                            "The file was replaced while it was downloaded. What went into the pipe"
                            + " is the beginning of the old version: throw it away, and try again");
                }
            }

            @Override
            public void write(byte[] bytes, int count) throws ClientException {
                written = true;
                try {
                    out.write(bytes, 0, count);
                } catch (IOException e) {
                    throw new ClientException(ExitCode.FAILED, "The output cannot be written: " + e.getMessage(), e);
                }
            }
        };
    }
}
