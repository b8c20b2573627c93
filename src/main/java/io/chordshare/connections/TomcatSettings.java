package io.chordshare.connections;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Web server settings for file names with any character, for peers with kept-alive connections, and for errors as
 * problem details. A limit that the user sets with a Spring Boot property stays.
 */
public final class TomcatSettings implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered {

    /**
     * Request line and all headers. A name of 1,024 bytes takes 3 KiB percent-encoded, and up to 9 KiB when the client
     * sends its characters decomposed (macOS; Korean gets three times as long). The rest is for query and headers.
     */
    static final DataSize MAX_REQUEST_HEAD = DataSize.ofKilobytes(20);

    /** Longer than any pause between two stabilize rounds or two requests of a browser, as with other web servers. */
    static final Duration KEEP_ALIVE = Duration.ofSeconds(75);

    /** Peers send requests every second without end, so a new connection after 100 requests would only cost work. */
    static final int UNLIMITED_KEEP_ALIVE_REQUESTS = -1;

    /**
     * How much of a refused upload is still read. Its sender reads the answer only after it has sent everything. Beyond
     * this size the connection is closed, because a refusal must not cost the transfer of a disk image.
     */
    static final DataSize MAX_SWALLOWED = DataSize.ofMegabytes(32);

    private final Environment environment;

    public TomcatSettings(Environment environment) {
        this.environment = environment;
    }

    /** Runs after Spring Boot's own customizers, which would overwrite these values with their defaults. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        factory.addConnectorCustomizers(this::configure);
        // The host creates the valve at its start, after Spring Boot has added its own valve for HTML. The last valve
        // in the pipeline reports first.
        factory.addContextCustomizers(context -> ((StandardHost) context.getParent())
                .setErrorReportValveClass(ProblemErrorReportValve.class.getName()));
    }

    private void configure(Connector connector) {
        // The application reads names from the raw address. Tomcat must only let them pass: %2F equals "/", and %5C is
        // no separator ("\" itself may not occur in an address).
        connector.setEncodedSolidusHandling(EncodedSolidusHandling.DECODE.getValue());
        connector.setEncodedReverseSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
        AbstractHttp11Protocol<?> protocol = (AbstractHttp11Protocol<?>) connector.getProtocolHandler();
        // Send "100 Continue" only when the application reads the body, so that a refused upload is never sent
        protocol.setContinueResponseTiming(ContinueResponseTiming.ON_REQUEST_BODY_READ.toString());
        unlessSet("server.max-http-request-header-size", protocol,
                it -> it.setMaxHttpRequestHeaderSize((int) MAX_REQUEST_HEAD.toBytes()));
        unlessSet("server.tomcat.keep-alive-timeout", protocol,
                it -> it.setKeepAliveTimeout((int) KEEP_ALIVE.toMillis()));
        unlessSet("server.tomcat.max-keep-alive-requests", protocol,
                it -> it.setMaxKeepAliveRequests(UNLIMITED_KEEP_ALIVE_REQUESTS));
        unlessSet("server.tomcat.max-swallow-size", protocol,
                it -> it.setMaxSwallowSize((int) MAX_SWALLOWED.toBytes()));
    }

    private void unlessSet(String property, AbstractHttp11Protocol<?> protocol,
            Consumer<AbstractHttp11Protocol<?>> setting) {
        if (!environment.containsProperty(property)) {
            setting.accept(protocol);
        }
    }
}
