package io.chordshare.files.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of an upload. When it is refused half-way, some of the rest is still read: most clients look for an answer
 * only once they have sent everything, and Tomcat, which does this for other requests, cuts those that asked with
 * {@code Expect: 100-continue}.
 */
public final class UploadBody extends FilterInputStream {

    private static final Logger log = LoggerFactory.getLogger(UploadBody.class);

    /** A refusal must not cost the transfer of a whole disk image: a client with more to send is cut off. */
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
     * Reads on to the end, or to the limit. Nothing when the body was not asked for yet: then it was not sent, either.
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
            log.debug("the sender of a refused upload has gone: {}", e.getMessage());
        }
    }
}
