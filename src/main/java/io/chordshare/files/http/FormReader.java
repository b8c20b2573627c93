package io.chordshare.files.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Reads {@code multipart/form-data} part by part as it arrives (RFC 7578; RFC 2046, section 5.1.1), in constant memory
 * for any content. Limits the headers and the bytes between parts. Does not interpret a part.
 */
final class FormReader {

    /**
     * Size of one part's headers: a name of 1,024 bytes in the longest form that clients send, and the other headers.
     */
    static final int MAX_PART_HEADER_BYTES = 8 * 1024;
    /** RFC 2046, section 5.1.1. */
    static final int MAX_BOUNDARY_BYTES = 70;

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final String LINE_END = "\r\n";

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private boolean closed;
    private final Body body = new Body();

    /** @param boundary 1 to {@value #MAX_BOUNDARY_BYTES} bytes */
    FormReader(InputStream in, String boundary) {
        this.in = in;
        this.delimiter = (LINE_END + "--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        // So the first delimiter is found like all others: at the start of a line
        buffer[end++] = '\r';
        buffer[end++] = '\n';
    }

    /** The body is not a form, or ends too early. */
    static final class MalformedFormException extends IOException {

        private static final long serialVersionUID = 1L;

        MalformedFormException(String message) {
            super(message);
        }
    }

    /**
     * Skips the rest of this part and goes to the next.
     *
     * @return whether there is a next part
     */
    boolean next() throws IOException {
        body.skipAll();
        if (closed) {
            return false;
        }
        start += delimiter.length;
        if (startsWith("--")) {
            closed = true;
            return false;
        }
        while (startsWith(" ") || startsWith("\t")) {
            start++;
        }
        if (!startsWith(LINE_END)) {
            throw new MalformedFormException("a boundary is not followed by the end of its line");
        }
        start += LINE_END.length();
        return true;
    }

    /** The headers of this part. Read them once, and before the body. */
    PartHeaders headers() throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        while (!startsWith(LINE_END)) {
            if (!readLine(lines)) {
                // The end of the headers is unknown now, so the rest counts as the body
                return PartHeaders.TOO_LARGE;
            }
        }
        // Without a body, the empty line that ends the headers also starts the delimiter
        if (!body.isAtDelimiter()) {
            start += LINE_END.length();
        }
        return PartHeaders.parse(lines.toByteArray());
    }

    /** The body of the current part. */
    InputStream body() {
        return body;
    }

    /** @return whether the whole line was added and there is room for more */
    private boolean readLine(ByteArrayOutputStream lines) throws IOException {
        while (lines.size() < MAX_PART_HEADER_BYTES) {
            boolean lineEnds = startsWith(LINE_END);
            int count = lineEnds ? LINE_END.length() : 1;
            require(count);
            lines.write(buffer, start, count);
            start += count;
            if (lineEnds) {
                return true;
            }
        }
        return false;
    }

    private boolean startsWith(String ascii) throws IOException {
        if (!has(ascii.length())) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (buffer[start + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void require(int count) throws IOException {
        if (!has(count)) {
            throw new MalformedFormException("the form ends before its last boundary");
        }
    }

    /** Reads until the next {@code count} bytes are in the buffer; false if the form ends before. */
    private boolean has(int count) throws IOException {
        if (end - start >= count) {
            return true;
        }
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        while (end < count) {
            int read = in.read(buffer, end, buffer.length - end);
            if (read < 0) {
                return false;
            }
            end += read;
        }
        return true;
    }

    /** The bytes up to the next delimiter, which stays in the buffer. */
    private final class Body extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            int count = Math.min(length, inBuffer());
            if (count == 0) {
                return -1;
            }
            System.arraycopy(buffer, start, target, offset, count);
            start += count;
            return count;
        }

        /** Bytes in the buffer that certainly belong to this body; 0 only at its end. */
        private int inBuffer() throws IOException {
            if (isAtDelimiter()) {
                return 0;
            }
            int at = start + 1;
            while (at < end && !mayBeDelimiter(at)) {
                at++;
            }
            return at - start;
        }

        private boolean mayBeDelimiter(int at) {
            for (int i = 0; i < delimiter.length && at + i < end; i++) {
                if (buffer[at + i] != delimiter[i]) {
                    return false;
                }
            }
            return true;
        }

        private boolean isAtDelimiter() throws IOException {
            require(delimiter.length);
            return mayBeDelimiter(start);
        }

        private void skipAll() throws IOException {
            while (!closed) {
                int count = inBuffer();
                if (count == 0) {
                    return;
                }
                start += count;
            }
        }
    }
}
