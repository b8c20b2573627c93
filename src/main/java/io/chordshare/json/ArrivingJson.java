package io.chordshare.json;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.util.unit.DataSize;

/**
 * The JSON of requests while it arrives. It is parsed only when it is there as a whole: a sender that stops in the
 * middle holds its bytes, and not the objects that a parser makes of them, which take more than ten times as much.
 * All senders together hold no more than a part of the heap.
 */
public final class ArrivingJson {

    /** The largest request is a page of 1,000 versions, each with a writer of up to 128 characters. */
    public static final DataSize MAX_REQUEST = DataSize.ofKilobytes(256);
    /** Lent to everybody, so that the ring's own messages, which are smaller, always get through. */
    static final int SMALL_BYTES = 8 * 1024;
    /** This part of the heap is for larger ones: 8 MiB with -Xmx96m, so 32 of the largest. */
    private static final int HEAP_SHARE = 12;
    public static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final AtomicLong left;

    ArrivingJson() {
        this(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }

    /** @param bytes that requests larger than {@link #SMALL_BYTES} may hold together */
    ArrivingJson(long bytes) {
        left = new AtomicLong(bytes);
    }

    /**
     * Waits for all of it, as long as the connection allows.
     *
     * @param length as the request says; -1 when it does not
     * @return the bytes, up to {@code count}
     * @throws TooLargeException when it is larger than any request
     * @throws BusyException     when other requests hold all the memory that there is for it
     */
    Whole read(InputStream body, long length) throws IOException {
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
                    // one byte more than allowed shows that there is more
                    int larger = (int) Math.min(2L * count, MAX_REQUEST.toBytes() + 1);
                    lend(larger - buffer.length);
                    lent += larger - buffer.length;
                    buffer = Arrays.copyOf(buffer, larger);
                }
            }
            return new Whole(buffer, count);
        } finally {
            // what follows does not wait for the sender
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
    record Whole(byte[] buffer, int count) {}

    /** The request has more JSON than any that this node takes. */
    static final class TooLargeException extends IOException {

        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("more than " + MAX_REQUEST.toKilobytes() + " KB of JSON");
        }
    }

    /** Other requests hold all the memory that there is for JSON. */
    public static final class BusyException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        BusyException() {
            super("Other requests hold all the memory that there is for JSON");
        }
    }
}
