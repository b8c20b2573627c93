package io.chordshare.transport.client;

import java.io.IOException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Aborts an exchange when the other side sends interim answers (1xx) again and again. */
final class FewInterimAnswers extends HttpRequestExecutor {

    /** Nodes send no interim answers. */
    private static final int MAX_INTERIM_ANSWERS = 8;

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, HttpClientConnection connection,
                                       HttpResponseInformationCallback informed, HttpContext context)
            throws IOException, HttpException {
        int[] seen = new int[1];
        return super.execute(request, connection, (interim, from, in) -> {
            if (++seen[0] > MAX_INTERIM_ANSWERS) {
                throw new ProtocolException("more than " + MAX_INTERIM_ANSWERS + " interim answers");
            }
        }, context);
    }
}
