package io.chordshare.security;

import io.chordshare.connections.TomcatFolders;
import io.chordshare.connections.TomcatSettings;
import io.chordshare.problem.SecurityHeaders;
import io.chordshare.ring.RingNode;
import io.chordshare.storage.NodeStore;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.cbor.JacksonCborHttpMessageConverter;
import org.springframework.web.accept.ContentNegotiationStrategy;
import org.springframework.web.filter.ForwardedHeaderFilter;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The filters and web server settings between the network and a node's controllers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SecurityProperties.class)
public class WebEdge {

    private static final int AFTER_THE_GUARD = Ordered.HIGHEST_PRECEDENCE + 1;

    /** Static, so it runs before any bean with a disk, a thread or a port is created. */
    @Bean
    static LoopbackOnly loopbackOnly(Environment environment) {
        return new LoopbackOnly(environment);
    }

    @Bean
    BrowserGuard browserGuard(Environment environment, ObjectProvider<RingNode> ring, SecurityProperties security) {
        return guard(environment, ring, security, "");
    }

    /** @param basePath prefix of all paths of that web server */
    static BrowserGuard guard(Environment environment, ObjectProvider<RingNode> ring, SecurityProperties security,
                              String basePath) {
        return new BrowserGuard(
                () -> Optional.ofNullable(environment.getProperty("chordshare.node.advertised-address"))
                        .or(() -> Optional.ofNullable(ring.getIfAvailable())
                        .map(node -> node.state().self().address())),
                security.allowedHosts(), basePath + healthEndpoint(environment), security.trustedProxies());
    }

    private static String healthEndpoint(Environment environment) {
        String base = environment.getProperty("management.endpoints.web.base-path", "/actuator");
        return (base.equals("/") ? "" : base) + "/health";
    }

    /**
     * Removes forwarded headers: neither links nor the API description repeat what a stranger puts into {@code
     * X-Forwarded-Host} and similar headers.
     */
    @Bean
    static FilterRegistrationBean<ForwardedHeaderFilter> forwardedHeadersRemoved() {
        ForwardedHeaderFilter filter = new ForwardedHeaderFilter();
        filter.setRemoveOnly(true);
        FilterRegistrationBean<ForwardedHeaderFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(AFTER_THE_GUARD);
        return registration;
    }

    @Bean
    SecurityHeaders securityHeaders() {
        return new SecurityHeaders();
    }

    @Bean
    AddressCheck addressCheck(Environment environment) {
        return addressCheck(environment, "");
    }

    /** @param basePath prefix of all paths of that web server */
    static AddressCheck addressCheck(Environment environment, String basePath) {
        return new AddressCheck(basePath + healthEndpoint(environment), AFTER_THE_GUARD);
    }

    /**
     * Ignores {@code Accept}, because every response of a controller has only one format. Spring would check {@code
     * Accept} after the controller, so an upload could be stored and then be answered with 406.
     */
    @Bean
    WebMvcConfigurer acceptIgnored() {
        return new WebMvcConfigurer() {
            @Override
            public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
                configurer.strategies(List.of(request -> ContentNegotiationStrategy.MEDIA_TYPE_ALL_LIST));
            }
        };
    }

    /** JSON is the only format of objects: every other one is one more way to turn a small body into large objects. */
    @Bean
    WebMvcConfigurer onlyJson() {
        return new WebMvcConfigurer() {
            @Override
            public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
                builder.configureMessageConvertersList(converters ->
                        converters.removeIf(JacksonCborHttpMessageConverter.class::isInstance));
            }
        };
    }

    @Bean
    TomcatFolders tomcatFolders(ObjectProvider<NodeStore> store, Environment environment) {
        return new TomcatFolders(store, environment, "node");
    }

    @Bean
    TomcatSettings tomcatSettings(Environment environment) {
        return new TomcatSettings(environment);
    }
}
