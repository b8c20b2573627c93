package io.chordshare.connections;

import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * The connections of an actuator that has a port of its own ({@code management.server.port}). Not a configuration that
 * Spring finds by itself: it would apply to the web server of the node, too. Listed in {@code META-INF/spring}.
 */
@ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
public class ManagementConnections {

    @Bean
    ConnectionCustomizer managementConnectionCustomizer(Environment environment, ConnectionProperties limits) {
        // a few monitoring systems, with a few connections each
        return new ConnectionCustomizer(environment, limits, ConnectionLimit.LEAST);
    }
}
