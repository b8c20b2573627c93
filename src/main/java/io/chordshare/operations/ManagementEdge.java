package io.chordshare.operations;

import io.chordshare.storage.NodeStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * The web server of an actuator that has a port of its own ({@code management.server.port}): it has its own context, in
 * which the node's beans are known but nothing that customizes its web server is.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ManagementEdge {

    @Bean
    TomcatFolders managementTomcatFolders(ObjectProvider<NodeStore> store, Environment environment) {
        return new TomcatFolders(store, environment, "actuator");
    }
}
