package io.chordshare.security;

import io.chordshare.connections.TomcatFolders;
import io.chordshare.connections.TomcatSettings;
import io.chordshare.problem.SecurityHeaders;
import io.chordshare.ring.RingNode;
import io.chordshare.storage.NodeStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.web.filter.ForwardedHeaderFilter;

/**
 * The web server of an actuator that has a port of its own ({@code management.server.port}): it has its own context, in
 * which the node's beans are known but neither its filters nor what customizes its web server are. Not a configuration
 * that Spring finds by itself: it would apply to the web server of the node, too. Listed in {@code META-INF/spring}.
 */
@ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
public class ManagementEdge {

    @Bean
    TomcatFolders managementTomcatFolders(ObjectProvider<NodeStore> store, Environment environment) {
        return new TomcatFolders(store, environment, "actuator");
    }

    @Bean
    TomcatSettings managementTomcatSettings(Environment environment) {
        return new TomcatSettings(environment);
    }

    @Bean
    SecurityHeaders managementSecurityHeaders() {
        return new SecurityHeaders();
    }

    /** Pages of other sites reach this port through the browser as they reach the node's. */
    @Bean
    BrowserGuard managementBrowserGuard(Environment environment, ObjectProvider<RingNode> ring,
                                        SecurityProperties security) {
        return WebEdge.guard(environment, ring, security, basePath(environment));
    }

    private static String basePath(Environment environment) {
        return environment.getProperty("management.server.base-path", "");
    }

    @Bean
    AddressCheck managementAddressCheck(Environment environment) {
        return WebEdge.addressCheck(environment, basePath(environment));
    }

    @Bean
    FilterRegistrationBean<ForwardedHeaderFilter> managementForwardedHeadersRemoved() {
        return WebEdge.forwardedHeadersRemoved();
    }
}
