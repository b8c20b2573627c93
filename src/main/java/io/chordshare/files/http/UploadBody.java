package io.chordshare.files.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of an upload. When the upload is refused half-way, this still reads part of the rest, because most clients
 * read the response only after they have sent everything. Tomcat does this for other requests, but cuts off clients
 * that sent {@code Expect: 100-continue}.
 */
final class UploadBody extends FilterInputStream {

    private static final Logger log = LoggerFactory.getLogger(UploadBody.class);

    /** A refused upload must not transfer a whole disk image: a client with more to send is cut off. */
    private static final long MAX_DRAINED_BYTES = 32L * 1024 * 1024;

    private static final int BUFFER_BYTES = 64 * 1024;

    private boolean begun;

    UploadBody(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        begun = true;
        return super.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        begun = true;
        return super.read(buffer, offset, length);
    }

    /**
     * Reads to the end or to the limit. Does nothing if no byte of the body was read: then the client has not sent it
     * either.
     */
    void drain() {
        if (!begun) {
            return;
        }
        try {
            byte[] buffer = new byte[BUFFER_BYTES];
            long drained = 0;
            int count = 0;
            while (count >= 0 && drained < MAX_DRAINED_BYTES) {
                count = in.read(buffer);
                drained += Math.max(0, count);
            }
        } catch (IOException e) {
            log.debug("The sender of a refused upload has disconnected: {}", e.getMessage());
        }
    }
}
