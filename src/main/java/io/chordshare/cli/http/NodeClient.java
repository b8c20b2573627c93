package io.chordshare.cli.http;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.terminal.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Calls one node. HTTP uses {@link HttpURLConnection}, because the newer client of the JDK takes half a second longer
 * to start. Every wait and every answer has a limit.
 */
public final class NodeClient {

    /** For requests that do not wait. The node's own timeouts for its peers are much shorter. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(5);
    /** A page of the longest names, completely escaped, is a fifth of this. */
    private static final int MAX_JSON_BYTES = 16 * 1024 * 1024;
    private static final int MAX_PROBLEM_BYTES = 64 * 1024;
    private static final int MAX_DETAIL = 2_000;
    private static final int FIRST_ERROR_STATUS = 400;
    private static final int TOO_MANY_STATUS = 429;
    private static final int UNAVAILABLE_STATUS = 503;
    private static final int MAX_TRIES = 5;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final NodeAddress node;
    private final Pause pause;

    public NodeClient(NodeAddress node, Pause pause) {
        this.node = node;
        this.pause = pause;
    }

    /** Waits for a while. Tests replace it. */
    public interface Pause {

        /** @param why for the user */
        public void pause(Duration time, String why);
    }

    /** A request to repeat when the node says that it can succeed later. */
    public interface Attempt<T> {

        T run() throws ClientException;
    }

    public NodeAddress node() {
        return node;
    }

    /** The node's answer to a GET. */
    public Json get(String target) throws ClientException {
        return retrying(() -> call("GET", target, null, PATIENCE));
    }

    /** Sends nothing or a JSON document, and reads the node's answer. */
    public Json call(String method, String target, @Nullable Json body, Duration patience) throws ClientException {
        HttpURLConnection connection = open(method, target, patience);
        try {
            if (body != null) {
                byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/json");
                connection.setFixedLengthStreamingMode(bytes.length);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(bytes);
                }
            } else if (method.equals("POST")) {
                connection.setDoOutput(true);
                connection.setFixedLengthStreamingMode(0);
                connection.getOutputStream().close();
            }
            return answer(connection);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** A request that is not sent yet. It goes to this node, and its path and query are already encoded. */
    public HttpURLConnection open(String method, String target, Duration patience) throws ClientException {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(node.base() + target).toURL().openConnection();
            connection.setRequestMethod(method);
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setConnectTimeout((int) CONNECTS_WITHIN.toMillis());
            connection.setReadTimeout((int) patience.toMillis());
            connection.setRequestProperty("Accept", "application/json, application/problem+json, */*");
            connection.setRequestProperty("User-Agent", "chordshare");
            return connection;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Connects for a request with a body. */
    public OutputStream begin(HttpURLConnection connection) throws ClientException {
        try {
            return connection.getOutputStream();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** The status of the answer, which may be a refusal. */
    public int status(HttpURLConnection connection) throws ClientException {
        try {
            int status = connection.getResponseCode();
            if (status < 0) {
                throw notANode("what answers there does not speak HTTP");
            }
            return status;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** The JSON document of a successful answer; null for an empty one. */
    public Json answer(HttpURLConnection connection) throws ClientException {
        int status = status(connection);
        if (status >= FIRST_ERROR_STATUS) {
            throw refusal(connection, status);
        }
        try (InputStream body = connection.getInputStream()) {
            byte[] bytes = body.readNBytes(MAX_JSON_BYTES);
            if (bytes.length == MAX_JSON_BYTES) {
                throw notANode("its answer does not end");
            }
            return bytes.length == 0 ? Json.NULL : Json.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw notANode("its answer is not JSON");
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** The refusal that the node gave, as an exception. */
    public ClientException refusal(HttpURLConnection connection, int status) {
        Json problem = problem(connection);
        String title = problem.get("title").text();
        String detail = problem.get("detail").text();
        String said = title.isEmpty() ? node.base() + " answered " + status : detail.isEmpty() ? title : title + ". "
                + detail;
        return new RefusedException(status, retryAfter(connection, status),
                Printable.of(said.length() > MAX_DETAIL ? said.substring(0, MAX_DETAIL) + " ..." : said));
    }

    private static Json problem(HttpURLConnection connection) {
        try (InputStream body = connection.getErrorStream()) {
            return body == null ? Json.NULL
                    : Json.parse(new String(body.readNBytes(MAX_PROBLEM_BYTES), StandardCharsets.UTF_8));
        } catch (IOException | IllegalArgumentException e) {
            // the status is enough: something between here and the node answered, or the answer was cut
            return Json.NULL;
        }
    }

    private static @Nullable Duration retryAfter(HttpURLConnection connection, int status) {
        String after = connection.getHeaderField("Retry-After");
        boolean isLater = status == TOO_MANY_STATUS || status == UNAVAILABLE_STATUS;
        return isLater && after != null && after.matches("[0-9]{1,4}") ? Duration.ofSeconds(Long.parseLong(after))
                : null;
    }

    /** Repeats while the node says when to retry: it is busy, or its ring is being repaired. */
    public <T> T retrying(Attempt<T> attempt) throws ClientException {
        for (int tries = 1; ; tries++) {
            try {
                return attempt.run();
            } catch (RefusedException e) {
                Duration after = e.retryAfter();
                if (after == null || tries == MAX_TRIES) {
                    throw e;
                }
                pause.pause(after.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : after, e.text());
            }
        }
    }

    public Pause pause() {
        return pause;
    }

    /** The message for the user about a broken connection. */
    public ClientException broken(IOException cause) {
        String where = node.base();
        String what = switch (cause) {
            case UnknownHostException e -> "There is no host of that name: " + where + ". Check --node or "
                    + NodeAddress.VARIABLE;
            case ConnectException e -> nobody(where);
            case NoRouteToHostException e -> nobody(where);
            case SocketTimeoutException e -> String.valueOf(e.getMessage()).contains("onnect") ? nobody(where)
                    : where + " does not answer in time. It may be overloaded: try again, or name another with --node";
            default -> "The connection to " + where + " broke (" + Printable.of(String.valueOf(cause.getMessage()))
                    + "). Try again, or ask another node with --node";
        };
        return new ClientException(ExitCode.UNREACHABLE, what, cause);
    }

    private static String nobody(String where) {
        return "No node answers at " + where
                + ". Start one with java -jar chordshare.jar, or name another with --node or "
                + NodeAddress.VARIABLE;
    }

    private ClientException notANode(String why) {
        return new ClientException(ExitCode.FAILED, "Is " + node.base() + " a Chordshare node? " + why);
    }
}
