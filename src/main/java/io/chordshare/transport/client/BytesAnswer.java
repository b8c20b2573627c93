package io.chordshare.transport.client;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A whole answer in memory. */
public final class BytesAnswer {

    private final int status;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final byte[] body;

    BytesAnswer(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers.putAll(headers);
        this.body = body;
    }

    public int status() {
        return status;
    }

    /** The last header of this name, in whatever case; null when there is none. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** Not a copy. */
    public byte[] body() {
        return body;
    }
}
