package io.chordshare.connections;

import io.chordshare.storage.NodeStore;
import java.nio.file.Path;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.core.env.Environment;

/**
 * Gives Tomcat the folders that it requires inside the node's own directory. In the system's temporary directory, each
 * {@code kill -9} would leave two folders behind.
 */
public final class TomcatFolders implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

    private final ObjectProvider<NodeStore> store;
    private final Environment environment;
    private final String name;

    /** @param name of the web server, because a node may have two */
    public TomcatFolders(ObjectProvider<NodeStore> store, Environment environment, String name) {
        this.store = store;
        this.environment = environment;
        this.name = name;
    }

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        // before a port opens, the data directory must be locked and in order
        store.ifAvailable(opened -> {
            Path base = opened.webDirectory(name);
            if (!environment.containsProperty("server.tomcat.basedir")) {
                factory.setBaseDirectory(base.toFile());
            }
            if (factory instanceof ConfigurableServletWebServerFactory servlets) {
                // empty, so that no file of the working directory is served by accident
                servlets.setDocumentRoot(opened.webDirectory(name + "-root").toFile());
            }
        });
    }
}
