package io.chordshare.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Refuses to start a node that other machines can reach by accident. There is no authentication yet, so everybody who
 * reaches the port can read, write and delete. {@code chordshare.security.open=true} allows an open network, and each
 * start logs a warning. Runs before any other bean is created, so before a port is open.
 */
final class LoopbackOnly implements BeanFactoryPostProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackOnly.class);
    private static final String OPEN = "chordshare.security.open";

    private final Environment environment;

    LoopbackOnly(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        check();
    }

    /** @throws OpenNetworkException if the node would be open without an explicit setting */
    void check() {
        if (Binder.get(environment).bind(OPEN, Boolean.class).orElse(false)) {
            LOG.warn("{}=true: everyone who reaches this node's port can read, write and delete all files", OPEN);
            return;
        }
        requireLoopback("server.address");
        if (hasManagementPort()) {
            // A separate actuator port listens on all addresses by default, whatever server.address says
            requireLoopback("management.server.address");
        }
    }

    private boolean hasManagementPort() {
        String port = environment.getProperty("management.server.port");
        return port != null && !port.startsWith("-") && !port.equals(environment.getProperty("server.port"));
    }

    private void requireLoopback(String property) {
        String address = environment.getProperty(property);
        if (address == null || address.isBlank() || !isLoopback(property, address.strip())) {
            throw new OpenNetworkException(property, address);
        }
    }

    private static boolean isLoopback(String property, String address) {
        try {
            return Arrays.stream(InetAddress.getAllByName(address)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            throw new OpenNetworkException(property, address, e);
        }
    }
}
