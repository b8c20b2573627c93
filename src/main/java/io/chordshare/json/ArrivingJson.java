package io.chordshare.json;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.util.unit.DataSize;

/**
 * Reads the JSON of a request completely before it is parsed. A sender that stops in the middle then holds only its
 * bytes, not the parsed objects, which take more than ten times as much memory. All senders together hold at most a
 * fixed part of the heap.
 */
public final class ArrivingJson {

    /** The largest request is a page of 1,000 versions, each with a writer of up to 128 characters. */
    public static final DataSize MAX_REQUEST = DataSize.ofKilobytes(256);
    /**
     * Every request may use this much without a limit on the total. The ring's own messages are smaller, so they always
     * get through.
     */
    static final int SMALL_BYTES = 8 * 1024;
    /** Requests above {@link #SMALL_BYTES} share the heap divided by this: 8 MiB with -Xmx96m, so 32 of the largest. */
    private static final int HEAP_SHARE = 12;
    public static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final AtomicLong left;

    ArrivingJson() {
        this(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }

    /** @param bytes that all requests larger than {@link #SMALL_BYTES} may hold together */
    ArrivingJson(long bytes) {
        left = new AtomicLong(bytes);
    }

    /**
     * Waits for the whole body, as long as the connection allows.
     *
     * @param length the declared length; -1 when the request declares none
     * @return the bytes, up to {@code count}
     * @throws TooLargeException when the body is larger than any valid request
     * @throws BusyException     when other requests hold all the memory for JSON
     */
    public Whole read(InputStream body, long length) throws IOException {
        if (length > MAX_REQUEST.toBytes()) {
            throw new TooLargeException();
        }
        byte[] buffer = new byte[SMALL_BYTES];
        int count = 0;
        int lent = 0;
        try {
            for (int more = 0; more >= 0; more = body.read(buffer, count, buffer.length - count)) {
                count += more;
                if (count > MAX_REQUEST.toBytes()) {
                    throw new TooLargeException();
                }
                if (count == buffer.length) {
                    // one byte more than allowed shows that the body is too large
                    int larger = (int) Math.min(2L * count, MAX_REQUEST.toBytes() + 1);
                    lend(larger - buffer.length);
                    lent += larger - buffer.length;
                    buffer = Arrays.copyOf(buffer, larger);
                }
            }
            return new Whole(buffer, count);
        } finally {
            // from here on the request does not wait for its sender any more
            left.addAndGet(lent);
        }
    }

    private void lend(int bytes) {
        if (left.addAndGet(-bytes) < 0) {
            left.addAndGet(bytes);
            throw new BusyException();
        }
    }

    /** All bytes of a request. */
    public record Whole(byte[] buffer, int count) {}

    /** The body is larger than any JSON request that this node accepts. */
    public static final class TooLargeException extends IOException {

        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("more than " + MAX_REQUEST.toKilobytes() + " KB of JSON");
        }
    }

    /** Other requests hold all the memory for JSON. */
    public static final class BusyException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        BusyException() {
            super("Other requests hold all the memory for JSON");
        }
    }
}
