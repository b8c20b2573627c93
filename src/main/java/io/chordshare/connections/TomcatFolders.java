package io.chordshare.connections;

import io.chordshare.storage.NodeStore;
import java.nio.file.Path;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.core.env.Environment;

/**
 * Gives Tomcat the folders that it insists on in the node's own directory, always the same. In the system's temporary
 * directory each {@code kill -9} would leave two more for good.
 */
public final class TomcatFolders implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

    private final ObjectProvider<NodeStore> store;
    private final Environment environment;
    private final String name;

    /** @param name of the web server, of which a node may have two */
    public TomcatFolders(ObjectProvider<NodeStore> store, Environment environment, String name) {
        this.store = store;
        this.environment = environment;
        this.name = name;
    }

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        // so the directory is this node's own, and in order, before a port is opened
        store.ifAvailable(opened -> {
            Path base = opened.webDirectory(name);
            if (!environment.containsProperty("server.tomcat.basedir")) {
                factory.setBaseDirectory(base.toFile());
            }
            if (factory instanceof ConfigurableServletWebServerFactory servlets) {
                // empty: no file of the working directory is ever served because it has the right name
                servlets.setDocumentRoot(opened.webDirectory(name + "-root").toFile());
            }
        });
    }
}
