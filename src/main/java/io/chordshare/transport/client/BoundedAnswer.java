package io.chordshare.transport.client;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.util.unit.DataSize;

/**
 * An answer with a size limit for its body, whatever reads it. A larger answer is an error. Of an error answer, only
 * the beginning is read. When the rest is long, the connection is closed instead.
 */
public final class BoundedAnswer implements ClientHttpResponse {

    /** The size of a block, which is the largest answer of a node. */
    static final DataSize MAX_ANSWER = DataSize.ofMegabytes(4);
    /** Problem details, with room for a long address. */
    static final DataSize MAX_ERROR = DataSize.ofKilobytes(4);
    /** At most this many more bytes are read to keep the connection for the next request. */
    private static final int MAX_REST_BYTES = 1024;

    private final ClassicHttpResponse answer;
    private final BoundedRequest request;
    private final Runnable deadlineOff;
    private final HttpHeaders headers = new HttpHeaders();
    private final InputStream bytes;
    private @Nullable Bounded body;

    /** @param deadlineOff cancels the deadline when the exchange ends */
    BoundedAnswer(ClassicHttpResponse answer, BoundedRequest request, Runnable deadlineOff) throws IOException {
        this.answer = answer;
        this.request = request;
        this.deadlineOff = deadlineOff;
        for (Header header : answer.getHeaders()) {
            headers.add(header.getName(), header.getValue());
        }
        bytes = answer.getEntity() == null ? InputStream.nullInputStream() : answer.getEntity().getContent();
    }

    @Override
    public HttpStatusCode getStatusCode() {
        return HttpStatusCode.valueOf(answer.getCode());
    }

    @Override
    public String getStatusText() {
        return String.valueOf(answer.getReasonPhrase());
    }

    @Override
    public HttpHeaders getHeaders() {
        return headers;
    }

    @Override
    public InputStream getBody() throws IOException {
        if (body == null) {
            boolean wanted = getStatusCode().is2xxSuccessful();
            if (wanted && answer.getEntity() != null && answer.getEntity().getContentLength() > MAX_ANSWER.toBytes()) {
                throw new TooLargeException();
            }
            body = new Bounded((wanted ? MAX_ANSWER : MAX_ERROR).toBytes(), wanted);
        }
        return body;
    }

    @Override
    public void close() {
        try {
            // reaching the end returns the connection to the pool
            bytes.readNBytes(MAX_REST_BYTES);
            if (bytes.read() >= 0) {
                request.cut();
            }
            answer.close();
        } catch (IOException e) {
            request.cut();
        } finally {
            deadlineOff.run();
        }
    }

    /** The answer is larger than any valid answer of a node. */
    public static final class TooLargeException extends IOException {

        private static final long serialVersionUID = 1L;

        TooLargeException() {
            super("the answer is larger than " + MAX_ANSWER.toMegabytes() + " MB");
        }
    }

    /** Ends, or fails, after {@code left} bytes. */
    private final class Bounded extends InputStream {

        private final boolean failing;
        private long left;

        private Bounded(long left, boolean failing) {
            this.left = left;
            this.failing = failing;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0 && length > 0) {
                if (failing && readOn(new byte[1], 0, 1) >= 0) {
                    throw new TooLargeException();
                }
                return -1;
            }
            int count = readOn(buffer, offset, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }

        private int readOn(byte[] buffer, int offset, int length) throws IOException {
            try {
                return bytes.read(buffer, offset, length);
            } catch (IOException e) {
                throw request.translate(e);
            }
        }
    }
}
