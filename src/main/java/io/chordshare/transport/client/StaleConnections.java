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
 * The other side may close a kept-alive connection at the moment this node reuses it. A read request is then sent once
 * more. For other requests, the caller decides.
 */
final class StaleConnections implements HttpRequestRetryStrategy {

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
