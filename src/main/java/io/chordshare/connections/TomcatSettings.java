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
 * How the web server must behave for names with any character in them, for peers that keep their connections, and for
 * errors that are problem details. A limit that is set by one of Spring Boot's own properties is left as it is set.
 */
public final class TomcatSettings implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered {

    /**
     * The request line and all headers. A name of 1,024 bytes takes 3 KiB percent-encoded, and up to 9 KiB where the
     * client sends its characters decomposed (a Mac; Korean is three times as long then); as much again for query and
     * headers.
     */
    static final DataSize MAX_REQUEST_HEAD = DataSize.ofKilobytes(20);

    /**
     * Longer than any pause between two rounds of stabilisation or two requests of a browser, as with other web
     * servers.
     */
    static final Duration KEEP_ALIVE = Duration.ofSeconds(75);

    /** Peers talk every second and for ever: a new connection every 100 requests would be nothing but work. */
    static final int UNLIMITED_KEEP_ALIVE_REQUESTS = -1;

    /**
     * How much of a refused upload is still read, so that its sender, who reads nothing before all is written, gets to
     * see why. More than this is cut: a refusal must not cost the transfer of a whole disk image.
     */
    static final DataSize MAX_SWALLOWED = DataSize.ofMegabytes(32);

    private final Environment environment;

    public TomcatSettings(Environment environment) {
        this.environment = environment;
    }

    /** After Spring Boot's own customizers, which would set their defaults over these. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        factory.addConnectorCustomizers(this::configure);
        // The host makes the valve when it starts, so after Spring Boot has added its own for HTML: whichever comes
        // last in the pipeline reports first.
        factory.addContextCustomizers(context -> ((StandardHost) context.getParent())
                .setErrorReportValveClass(ProblemErrorReportValve.class.getName()));
    }

    private void configure(Connector connector) {
        // The application reads names from the raw address. What Tomcat makes of them only has to let them pass: %2F is
        // the same as "/", and %5C is no separator at all ("\" itself may not occur in an address).
        connector.setEncodedSolidusHandling(EncodedSolidusHandling.DECODE.getValue());
        connector.setEncodedReverseSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
        AbstractHttp11Protocol<?> protocol = (AbstractHttp11Protocol<?>) connector.getProtocolHandler();
        // "100 Continue" only when the body is asked for: an upload that is refused is then never sent
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
