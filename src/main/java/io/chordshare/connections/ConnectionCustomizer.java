package io.chordshare.connections;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.catalina.connector.Connector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Gives the web server its limits for connections. A limit that is set by one of Spring Boot's own properties is left
 * as it is set.
 */
public final class ConnectionCustomizer implements WebServerFactoryCustomizer<TomcatWebServerFactory>, Ordered {

    private static final Logger log = LoggerFactory.getLogger(ConnectionCustomizer.class);

    /**
     * Connections that the operating system holds until the node takes them. A full queue costs a new client a second,
     * after which it tries again; the node empties this one in a fraction of that.
     */
    private static final int ACCEPT_QUEUE = 1024;

    private final Environment environment;
    private final ConnectionProperties limits;
    private final int limit;
    private final List<FairEndpoint> endpoints = new CopyOnWriteArrayList<>();

    /** @param limit the largest number of connections, where {@code server.tomcat.max-connections} does not say */
    ConnectionCustomizer(Environment environment, ConnectionProperties limits, int limit) {
        this.environment = environment;
        this.limits = limits;
        this.limit = limit;
    }

    /** After Spring Boot's own customizers, which would set their defaults over these. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void customize(TomcatWebServerFactory factory) {
        factory.setProtocol(FairProtocol.class.getName());
        factory.addConnectorCustomizers(this::configure);
    }

    private void configure(Connector connector) {
        FairProtocol protocol = (FairProtocol) connector.getProtocolHandler();
        if (!environment.containsProperty("server.tomcat.max-connections")) {
            protocol.setMaxConnections(limit);
        }
        if (!environment.containsProperty("server.tomcat.connection-timeout")) {
            // also the longest pause in a body, and before the first byte of a head
            protocol.setConnectionTimeout((int) limits.patience().toMillis());
        }
        if (!environment.containsProperty("server.tomcat.accept-count")) {
            protocol.setAcceptCount(ACCEPT_QUEUE);
        }
        protocol.endpoint().setLimits(limits);
        endpoints.add(protocol.endpoint());
        log.info("at most {} connections of clients", protocol.getMaxConnections());
    }

    /** The largest number of connections of the web server. */
    int limit() {
        return endpoints.stream().mapToInt(FairEndpoint::getMaxConnections).filter(set -> set > 0).min()
                .orElse(ConnectionLimit.MOST);
    }

    /** Ends the request of a user that has waited for its client the longest. False when none has waited for long. */
    boolean giveUpRequest() {
        return endpoints.stream().anyMatch(FairEndpoint::giveUpRequest);
    }

    /** One look at each connection of the web server. */
    List<ClientConnection.Look> looks() {
        return endpoints.stream().flatMap(endpoint -> endpoint.looks().stream()).toList();
    }
}
