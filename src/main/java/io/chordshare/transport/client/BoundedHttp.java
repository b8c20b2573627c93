package io.chordshare.transport.client;

import io.chordshare.transport.PeerTimeouts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestFactory;

/**
 * Sends all requests of this node to others, over one set of kept-alive connections. The other side can never extend
 * the time or the memory of an exchange: one time limit covers everything up to the last byte of the body, headers and
 * bodies are bounded, and an aborted connection is closed. Follows no redirects, keeps no cookies, decompresses
 * nothing.
 */
public final class BoundedHttp implements AutoCloseable {

    /** Longest line of an answer's head. A node's own lines are shorter than a hundred characters. */
    private static final int MAX_LINE_CHARS = 8 * 1024;
    /** Lines of an answer's head. A node's own answer has about 20. */
    private static final int MAX_HEADERS = 100;
    /** All connections. Enough for a node that talks to hundreds of peers at once. */
    private static final int MAX_CONNECTIONS = 2048;
    /** Connections to one peer: many more than blocks in memory at once. */
    private static final int MAX_CONNECTIONS_PER_PEER = 256;
    /** Shorter than web servers keep a connection, so that this side closes it. */
    private static final TimeValue IDLE_FOR = TimeValue.ofSeconds(50);
    /** A connection that was idle for longer than a ping period is tested before use. */
    private static final TimeValue TRIED_AFTER_IDLE = TimeValue.ofMilliseconds(500);
    /** Each exchange looks a name up once. A later result is useless for it. */
    private static final Duration LOOKUP_LIMIT = Duration.ofSeconds(2);
    /** Limit of addresses per name. Each address may take a whole connect timeout. */
    private static final int MAX_ADDRESSES_PER_NAME = 2;

    private final ExecutorService lookups = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledThreadPoolExecutor deadlines =
            new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("peer-deadlines").factory());
    private final CloseableHttpClient http;

    public BoundedHttp() {
        deadlines.setRemoveOnCancelPolicy(true);
        ConnectionConfig connections = ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(PeerTimeouts.CONNECT))
                .setSocketTimeout(Timeout.of(PeerTimeouts.BULK.limit()))
                .setValidateAfterInactivity(TRIED_AFTER_IDLE).build();
        Http1Config limits = Http1Config.custom().setMaxLineLength(MAX_LINE_CHARS).setMaxHeaderCount(MAX_HEADERS)
                .build();
        PoolingHttpClientConnectionManager pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder().http1Config(limits).build())
                .setDefaultConnectionConfig(connections).setDnsResolver(new Names())
                .setMaxConnTotal(MAX_CONNECTIONS).setMaxConnPerRoute(MAX_CONNECTIONS_PER_PEER).build();
        http = HttpClients.custom().setConnectionManager(pool).evictIdleConnections(IDLE_FOR)
                .setDefaultRequestConfig(RequestConfig.custom().setProtocolUpgradeEnabled(false)
                        .setConnectionRequestTimeout(Timeout.of(PeerTimeouts.CONNECT)).setDefaultKeepAlive(
                                IDLE_FOR.getDuration(), IDLE_FOR.getTimeUnit()).build())
                .setRequestExecutor(new FewInterimAnswers()).setRetryStrategy(new StaleConnections())
                .disableRedirectHandling().disableCookieManagement().disableAuthCaching().disableContentCompression()
                .disableDefaultUserAgent().build();
    }

    /** @param limit for the whole exchange */
    public ClientHttpRequestFactory within(Duration limit) {
        return (URI uri, HttpMethod method) -> new BoundedRequest(this, uri, method, limit);
    }

    /**
     * Posts bytes, and reads the whole answer. For the messages of which there are thousands a second: it does without
     * converters and proxies.
     *
     * @param limit for the whole exchange
     * @throws IOException when it fails, also by its length
     */
    public BytesAnswer post(URI uri, Map<String, String> headers, byte[] body, Duration limit) throws IOException {
        return new BytesPost(this, uri, headers, body).exchange(limit);
    }

    CloseableHttpClient http() {
        return http;
    }

    /**
     * Runs {@code end} when the time is over.
     *
     * @return cancels the deadline
     * @throws IOException when this node stops, because it sends no requests any more
     */
    Runnable atDeadline(Duration limit, Runnable end) throws IOException {
        try {
            var deadline = deadlines.schedule(end, limit.toNanos(), TimeUnit.NANOSECONDS);
            return () -> deadline.cancel(false);
        } catch (RejectedExecutionException e) {
            throw new IOException("this node stops", e);
        }
    }

    @Override
    public void close() {
        http.close(CloseMode.IMMEDIATE);
        deadlines.shutdownNow();
        lookups.shutdownNow();
        // returns immediately, because the tasks do not wait
        deadlines.close();
    }

    /** Asks the operating system, which may take any time. */
    private final class Names implements DnsResolver {

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            try {
                InetAddress[] all = lookups.submit(() -> InetAddress.getAllByName(host))
                        .get(LOOKUP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                return Arrays.copyOf(all, Math.min(all.length, MAX_ADDRESSES_PER_NAME));
            } catch (ExecutionException | TimeoutException e) {
                throw unknown(host, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw unknown(host, e);
            }
        }

        private UnknownHostException unknown(String host, Exception cause) {
            UnknownHostException unknown = new UnknownHostException(host);
            unknown.initCause(cause);
            return unknown;
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
