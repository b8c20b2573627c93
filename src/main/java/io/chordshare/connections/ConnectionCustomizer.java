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

/** Sets the web server's limits for connections. A limit that the user sets with a Spring Boot property stays. */
final class ConnectionCustomizer implements WebServerFactoryCustomizer<TomcatWebServerFactory>, Ordered {

    private static final Logger log = LoggerFactory.getLogger(ConnectionCustomizer.class);

    /**
     * Connections that the operating system queues until the node accepts them. With a full queue, a new client waits a
     * second and tries again. The node empties this queue in a fraction of a second.
     */
    private static final int ACCEPT_QUEUE = 1024;

    private final Environment environment;
    private final ConnectionProperties limits;
    private final int limit;
    private final List<FairEndpoint> endpoints = new CopyOnWriteArrayList<>();

    /** @param limit the largest number of connections, unless {@code server.tomcat.max-connections} is set */
    ConnectionCustomizer(Environment environment, ConnectionProperties limits, int limit) {
        this.environment = environment;
        this.limits = limits;
        this.limit = limit;
    }

    /** Runs after Spring Boot's own customizers, which would overwrite these values with their defaults. */
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
            // also limits the pause in a body, and the time before the first byte of a head
            protocol.setConnectionTimeout((int) limits.patience().toMillis());
        }
        if (!environment.containsProperty("server.tomcat.accept-count")) {
            protocol.setAcceptCount(ACCEPT_QUEUE);
        }
        protocol.endpoint().setLimits(limits);
        endpoints.add(protocol.endpoint());
        log.info("at most {} client connections", protocol.getMaxConnections());
    }

    /** The largest number of connections of the web server. */
    int limit() {
        return endpoints.stream().mapToInt(FairEndpoint::getMaxConnections).filter(set -> set > 0).min()
                .orElse(ConnectionLimit.MOST);
    }

    /** Ends the user request that has waited longest for its client. False when none has waited long. */
    boolean giveUpRequest() {
        return endpoints.stream().anyMatch(FairEndpoint::giveUpRequest);
    }

    /** A snapshot of each connection of the web server. */
    List<ClientConnection.Look> looks() {
        return endpoints.stream().flatMap(endpoint -> endpoint.looks().stream()).toList();
    }
}
