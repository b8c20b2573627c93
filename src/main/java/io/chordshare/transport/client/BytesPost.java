package io.chordshare.transport.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/** One exchange of {@link BoundedHttp} with both bodies in memory. */
final class BytesPost {

    private static final int OK = 200;

    private final BoundedHttp http;
    private final HttpPost request;
    private volatile boolean late;

    BytesPost(BoundedHttp http, URI uri, Map<String, String> headers, byte[] body) {
        this.http = http;
        request = new HttpPost(uri);
        headers.forEach(request::addHeader);
        request.setEntity(new ByteArrayEntity(body, null));
    }

    BytesAnswer exchange(Duration limit) throws IOException {
        Runnable off = http.atDeadline(limit, this::tooLate);
        try (ClassicHttpResponse answer = http.http().executeOpen(RoutingSupport.determineHost(request), request,
                HttpClientContext.create())) {
            return read(answer);
        } catch (HttpException e) {
            throw new IOException("cannot be requested: " + e.getMessage(), e);
        } catch (IllegalStateException e) {
            // the connection pool is closed
            throw new IOException("this node stops", e);
        } catch (IOException e) {
            throw late ? timedOut(limit, e) : e;
        } finally {
            off.run();
        }
    }

    private void tooLate() {
        late = true;
        request.cancel();
    }

    private static SocketTimeoutException timedOut(Duration limit, IOException cause) {
        SocketTimeoutException timeout = new SocketTimeoutException("not done after " + limit.toMillis() + " ms");
        timeout.initCause(cause);
        return timeout;
    }

    private BytesAnswer read(ClassicHttpResponse answer) throws IOException {
        int most = (int) (answer.getCode() == OK ? BoundedAnswer.MAX_ANSWER : BoundedAnswer.MAX_ERROR).toBytes();
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : answer.getHeaders()) {
            headers.put(header.getName(), header.getValue());
        }
        return new BytesAnswer(answer.getCode(), headers, body(answer.getEntity(), most, answer.getCode() == OK));
    }

    /** Of an error only the beginning is read; then the connection is of no more use. */
    private byte[] body(HttpEntity entity, int most, boolean isWanted) throws IOException {
        if (entity == null) {
            return new byte[0];
        }
        InputStream bytes = entity.getContent();
        byte[] body = bytes.readNBytes(most);
        if (body.length == most && bytes.read() >= 0) {
            request.cancel();
            if (isWanted) {
                throw new BoundedAnswer.TooLargeException();
            }
        }
        return body;
    }
}
