package io.chordshare.files.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Reads {@code multipart/form-data} part after part as it arrives (RFC 7578; RFC 2046, section 5.1.1), in constant
 * memory whatever is in it. The syntax of headers and of what is between parts is bounded here; what a part means is
 * for others to say.
 */
public final class FormReader {

    /** Headers of one part: a name of 1,024 bytes, in the longest form that clients give it, and the rest. */
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
        // so that the first delimiter is found like all others: at the start of a line
        buffer[end++] = '\r';
        buffer[end++] = '\n';
    }

    /** The form is not one, or ends before it should. */
    static final class MalformedFormException extends IOException {

        private static final long serialVersionUID = 1L;

        MalformedFormException(String message) {
            super(message);
        }
    }

    /**
     * Goes on to the next part, over what is left of this one.
     *
     * @return whether there is one
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

    /** The headers of this part, which are read once and before its body. */
    PartHeaders headers() throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        while (!startsWith(LINE_END)) {
            if (!readLine(lines)) {
                // where they end cannot be told any more: what is left counts as the body
                return PartHeaders.TOO_LARGE;
            }
        }
        // the empty line that ends the headers also begins the delimiter when there is no body
        if (!body.isAtDelimiter()) {
            start += LINE_END.length();
        }
        return PartHeaders.parse(lines.toByteArray());
    }

    /** The body of the part that was read last, to its end. */
    InputStream body() {
        return body;
    }

    /** @return whether the line was added with its end, and there is room for more */
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

    /** Whether the next {@code count} bytes are in the buffer, after reading until they are or the form ends. */
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

    /** Bytes up to the next delimiter, which stays in the buffer. */
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

        /** Bytes in the buffer that belong to this body for certain; 0 only at its end. */
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
