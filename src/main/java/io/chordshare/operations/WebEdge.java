package io.chordshare.operations;

import io.chordshare.ring.RingNode;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What stands between the network and the controllers of a node. */
@Configuration(proxyBeanMethods = false)
class WebEdge {

    /** Static: acts on the context before any bean with a disk, a thread or a port is made. */
    @Bean
    static LoopbackOnly loopbackOnly(Environment environment) {
        return new LoopbackOnly(environment);
    }

    @Bean
    BrowserGuard browserGuard(Environment environment, ObjectProvider<RingNode> ring) {
        List<String> allowedHosts = Binder.get(environment)
                .bind("chordshare.security.allowed-hosts", Bindable.listOf(String.class))
                .orElse(List.of());
        return new BrowserGuard(
                () -> Optional.ofNullable(environment.getProperty("chordshare.node.advertised-address"))
                        .or(() -> Optional.ofNullable(ring.getIfAvailable()).map(node -> node.state().self().address())),
                allowedHosts);
    }

    @Bean
    TomcatSettings tomcatSettings(Environment environment) {
        return new TomcatSettings(environment);
    }
}
