package io.chordshare.connections;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ConnectionProperties.class)
class ConnectionConfiguration {

    @Bean
    ConnectionCustomizer connectionCustomizer(Environment environment, ConnectionProperties limits) {
        return new ConnectionCustomizer(environment, limits, ConnectionLimit.ofThisProcess());
    }

    @Bean
    RequestSlots admission(ConnectionCustomizer connections) {
        return new RequestSlots(connections::limit, connections::giveUpRequest);
    }

    @Bean
    Transfers transfers(RequestSlots admission, ConnectionCustomizer connections, ConnectionProperties limits) {
        return new Transfers(admission, connections::looks, limits);
    }

    @Bean
    MeterBinder connectionMetrics(RequestSlots admission, ConnectionCustomizer connections) {
        return registry -> {
            Gauge.builder("chordshare.requests.running", admission, RequestSlots::running)
                    .description("Running requests of users").register(registry);
            Gauge.builder("chordshare.connections.limit", connections, ConnectionCustomizer::limit)
                    .description("Limit of client connections").register(registry);
        };
    }
}
