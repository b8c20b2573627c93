package io.chordshare.connections;

import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Connection limits for an actuator with a port of its own ({@code management.server.port}). Listed in
 * {@code META-INF/spring} and not found by a component scan, because a scan would apply it to the node's own web server
 * too.
 */
@ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
class ManagementConnections {

    @Bean
    ConnectionCustomizer managementConnectionCustomizer(Environment environment, ConnectionProperties limits) {
        // enough for a few monitoring systems with a few connections each
        return new ConnectionCustomizer(environment, limits, ConnectionLimit.LEAST);
    }
}
