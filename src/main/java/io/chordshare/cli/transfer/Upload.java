package io.chordshare.cli.transfer;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.http.Json;
import io.chordshare.cli.http.NodeAddress;
import io.chordshare.cli.http.NodeClient;
import io.chordshare.cli.terminal.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sends one file in constant memory. The node's answer names the SHA-256 of what it stored, which is compared with what
 * was sent. When a body cannot be sent completely, the connection is cut and the node stores nothing.
 */
public final class Upload {

    /**
     * Larger bodies are sent in chunks. With a length, Java does not show an answer that comes before the end of the
     * body, so a full disk would look like a broken connection. Up to this size, a node reads a refused body
     * completely. (With Expect: 100-continue, Java discards the refusal.)
     */
    private static final long LONGEST_WITH_LENGTH = 4L * 1024 * 1024;
    private static final int CHUNK_BYTES = 256 * 1024;
    /** When the last byte is sent, the last blocks of a large file are still on their way to other nodes. */
    private static final Duration ANSWERED_WITHIN = Duration.ofMinutes(5);
    private static final int FIRST_ERROR_STATUS = 400;

    private final NodeClient client;
    private final Progress progress;
    private final Duration stallLimit;

    public Upload(NodeClient client, Progress progress) {
        this(client, progress, StallGuard.LIMIT);
    }

    public Upload(NodeClient client, Progress progress, Duration stallLimit) {
        this.client = client;
        this.progress = progress;
        this.stallLimit = stallLimit;
    }

    /**
     * @param copies  {@code all} or a number; null for the node's default
     * @param onlyNew whether to refuse when such a file exists
     */
    public record Wishes(@Nullable String copies, boolean onlyNew) {}

    /** The node's description of the stored file. */
    public Json file(Path file, String name, Wishes wishes) throws ClientException {
        // a first attempt may have stored the file, and the second would then be refused
        return wishes.onlyNew() ? fileOnce(file, name, wishes) : client.retrying(() -> fileOnce(file, name, wishes));
    }

    private Json fileOnce(Path file, String name, Wishes wishes) throws ClientException {
        try (InputStream in = Files.newInputStream(file)) {
            return send(in, Files.size(file), name, wishes);
        } catch (IOException e) {
            throw LocalFiles.cannotRead(file, e);
        }
    }

    /** As {@link #file}, for a source that can be read only once. */
    public Json stream(InputStream in, String name, Wishes wishes) throws ClientException {
        return send(in, Progress.UNKNOWN, name, wishes);
    }

    private Json send(InputStream in, long size, String name, Wishes wishes) throws ClientException {
        boolean isLarge = size < 0 || size > LONGEST_WITH_LENGTH;
        if (isLarge && wishes.onlyNew()) {
            requireNone(name);
        }
        String target = "/files/" + NodeAddress.path(name)
                + (wishes.copies() == null ? "" : "?copies=" + NodeAddress.query(wishes.copies()));
        HttpURLConnection connection = client.open("PUT", target, ANSWERED_WITHIN);
        connection.setDoOutput(true);
        if (wishes.onlyNew()) {
            connection.setRequestProperty("If-None-Match", "*");
        }
        if (isLarge) {
            connection.setChunkedStreamingMode(CHUNK_BYTES);
        } else {
            connection.setFixedLengthStreamingMode(size);
        }
        progress.begin(size, 0);
        String sent;
        try (StallGuard guard = StallGuard.of(connection, stallLimit);
                ParallelDigest digest = new ParallelDigest(Checksum.start())) {
            sendBody(connection, in, size, digest, guard);
            sent = digest.end();
        } finally {
            progress.close();
        }
        Json stored = client.answer(connection);
        if (!stored.get("sha256").text().equals(sent)) {
            throw new ClientException(ExitCode.DAMAGED, Printable.quoted(name)
                    + " was damaged on its way: the node stored"
                    + " something else than what was sent (sha256 " + sent + "). Upload it again");
        }
        return stored;
    }

    private void sendBody(HttpURLConnection connection, InputStream in, long size, ParallelDigest digest,
            StallGuard guard)
            throws ClientException {
        OutputStream out = client.begin(connection);
        long sent = 0;
        while (true) {
            byte[] buffer = digest.buffer();
            int count;
            try {
                count = in.read(buffer);
            } catch (IOException e) {
                connection.disconnect();
                throw new ClientException(ExitCode.FAILED, "It cannot be read to its end (" + e.getMessage()
                        + "). Nothing was stored", e);
            }
            boolean changed = size >= 0 && (count < 0 ? sent < size : sent + count > size);
            if (changed) {
                connection.disconnect();
                throw new ClientException(ExitCode.FAILED,
                        "It changed while it was read. Nothing was stored: upload it again");
            }
            if (count < 0) {
                break;
            }
            digest.take(count);
            try {
                out.write(buffer, 0, count);
            } catch (IOException e) {
                throw cut(connection, e, guard);
            }
            sent += count;
            guard.moved(sent);
            progress.advance(count);
        }
        try {
            out.close();
        } catch (IOException e) {
            throw cut(connection, e, guard);
        }
    }

    /** The node would refuse this too, but only after it received part of the body. */
    private void requireNone(String name) throws ClientException {
        try {
            new Download(client, progress, name).head();
        } catch (ClientException e) {
            if (e.code() == ExitCode.NOT_FOUND) {
                return;
            }
            throw e;
        }
        throw new ClientException(ExitCode.CONFLICT, "There is a file " + Printable.quoted(name)
                + " already. Nothing was changed");
    }

    private ClientException cut(HttpURLConnection connection, IOException cause, StallGuard guard) {
        if (guard.stalled()) {
            return new ClientException(ExitCode.UNREACHABLE, client.node().base() + " took nothing for "
                    + stallLimit.toSeconds()
                    + " s. Nothing was stored: try again, or ask another node with --node", cause);
        }
        return refusalOr(connection, cause);
    }

    /** The node's answer, when it gave one before it closed the connection. */
    private ClientException refusalOr(HttpURLConnection connection, IOException cause) {
        try {
            int status = connection.getResponseCode();
            if (status >= FIRST_ERROR_STATUS) {
                return client.refusal(connection, status);
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return client.broken(cause);
    }
}
