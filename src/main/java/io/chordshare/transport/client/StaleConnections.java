package io.chordshare.transport.client;

import java.io.IOException;
import java.net.SocketException;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * A kept-alive connection may have been closed by the other side at the very moment it is used again. A question is
 * asked once more; the sender of anything else decides itself.
 */
public final class StaleConnections implements HttpRequestRetryStrategy {

    @Override
    public boolean retryRequest(HttpRequest request, IOException failure, int count, HttpContext context) {
        boolean closed = failure instanceof NoHttpResponseException || failure.getClass() == SocketException.class;
        return count == 1 && closed && Method.GET.isSame(request.getMethod());
    }

    @Override
    public boolean retryRequest(HttpResponse answer, int count, HttpContext context) {
        return false;
    }

    @Override
    public TimeValue getRetryInterval(HttpRequest request, IOException failure, int count, HttpContext context) {
        return TimeValue.ZERO_MILLISECONDS;
    }

    @Override
    public TimeValue getRetryInterval(HttpResponse answer, int count, HttpContext context) {
        return TimeValue.ZERO_MILLISECONDS;
    }
}
