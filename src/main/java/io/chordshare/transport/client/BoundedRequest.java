package io.chordshare.transport.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpResponse;

/** One exchange of {@link BoundedHttp}. The body is streamed, so a block is not copied. */
final class BoundedRequest implements ClientHttpRequest, StreamingHttpOutputMessage {

    private final BoundedHttp http;
    private final HttpUriRequestBase request;
    private final HttpMethod method;
    private final Duration limit;
    private final HttpHeaders headers = new HttpHeaders();
    private final Map<String, Object> attributes = new LinkedHashMap<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream(0);
    private @Nullable Body body;
    private volatile boolean late;

    BoundedRequest(BoundedHttp http, URI uri, HttpMethod method, Duration limit) {
        this.http = http;
        this.request = new HttpUriRequestBase(method.name(), uri);
        this.method = method;
        this.limit = limit;
    }

    @Override
    public ClientHttpResponse execute() throws IOException {
        headers.forEach((name, values) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
                values.forEach(value -> request.addHeader(name, value));
            }
        });
        if (body != null) {
            request.setEntity(new Streamed(body, headers.getContentLength()));
        } else if (written.size() > 0) {
            request.setEntity(new Streamed(written::writeTo, written.size()));
        }
        Runnable off = http.atDeadline(limit, this::tooLate);
        boolean answered = false;
        try {
            ClassicHttpResponse answer = http.http().executeOpen(RoutingSupport.determineHost(request), request,
                    HttpClientContext.create());
            BoundedAnswer bounded = new BoundedAnswer(answer, this, off);
            answered = true;
            return bounded;
        } catch (HttpException e) {
            throw new IOException("cannot be requested: " + e.getMessage(), e);
        } catch (IllegalStateException e) {
            // the connection pool is closed
            throw new IOException("this node stops", e);
        } catch (IOException e) {
            throw translate(e);
        } finally {
            if (!answered) {
                off.run();
            }
        }
    }

    private void tooLate() {
        late = true;
        cut();
    }

    /** Closes the connection immediately. */
    void cut() {
        request.cancel();
    }

    IOException translate(IOException failure) {
        if (!late) {
            return failure;
        }
        SocketTimeoutException timeout = new SocketTimeoutException("not done after " + limit.toMillis() + " ms");
        timeout.initCause(failure);
        return timeout;
    }

    @Override
    public void setBody(Body streamed) {
        body = streamed;
    }

    @Override
    public OutputStream getBody() {
        return written;
    }

    @Override
    public HttpMethod getMethod() {
        return method;
    }

    @Override
    public URI getURI() {
        return URI.create(request.getRequestUri());
    }

    @Override
    public Map<String, Object> getAttributes() {
        return attributes;
    }

    @Override
    public HttpHeaders getHeaders() {
        return headers;
    }

    private static final class Streamed extends AbstractHttpEntity {

        private final Body body;
        private final long length;

        /** @param length -1 when unknown */
        private Streamed(Body body, long length) {
            // the headers already contain the type
            super((ContentType) null, null, length < 0);
            this.body = body;
            this.length = length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            body.writeTo(out);
        }

        @Override
        public boolean isRepeatable() {
            return body.repeatable();
        }

        @Override
        public boolean isStreaming() {
            return false;
        }

        @Override
        public long getContentLength() {
            return length;
        }

        @Override
        public InputStream getContent() {
            throw new UnsupportedOperationException("written only");
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
