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
 * The web server of an actuator with its own port ({@code management.server.port}). It has its own context, which sees
 * the node's beans but not its filters or web server customizers. This is not a configuration that Spring finds by
 * itself, because it would also apply to the node's web server. {@code META-INF/spring} lists it.
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

    /** Pages of other sites can reach this port through the browser, as they can reach the node's port. */
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
