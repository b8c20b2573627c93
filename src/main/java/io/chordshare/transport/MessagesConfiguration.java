package io.chordshare.transport;

import io.chordshare.json.ArrivingJson;
import io.chordshare.ring.RingNode;
import io.chordshare.runtime.NodeRuntime;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Puts {@link MessagesFilter} behind the guards, and before everything that the answers do not need. */
@Configuration(proxyBeanMethods = false)
class MessagesConfiguration {

    /** The guards have the highest precedence. */
    private static final int AFTER_THE_GUARDS = Ordered.HIGHEST_PRECEDENCE + 1;

    @Bean
    FilterRegistrationBean<MessagesFilter> messagesFilter(ObjectProvider<RingNode> ring, LocalAnswers local,
            NodeRuntime runtime, ArrivingJson arriving, MeterRegistry meters) {
        FilterRegistrationBean<MessagesFilter> filter = new FilterRegistrationBean<>(
                new MessagesFilter(ring, local, runtime, arriving, meters));
        filter.setOrder(AFTER_THE_GUARDS);
        filter.addUrlPatterns(MessagesFilter.PATH);
        return filter;
    }
}
