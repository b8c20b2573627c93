package io.chordshare.operations;

import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Schema;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Examples of the OpenAPI document that must name an existing node to work. */
@Configuration(proxyBeanMethods = false)
class ApiExamples {

    @Bean
    GlobalOpenApiCustomizer examplesOfThisRing(RingNode ring) {
        return api -> {
            RingState state = ring.state();
            nameThisNode(api, state.self());
            state.successors().stream().filter(peer -> !peer.id().equals(state.self().id())).findFirst()
                    .ifPresent(other -> nameMember(api, other));
        };
    }

    private static void nameThisNode(OpenAPI api, Peer self) {
        PathItem item = api.getPaths().get("/ring/nodes/{id}");
        if (item != null && item.getGet() != null) {
            item.getGet().getParameters().stream().filter(parameter -> parameter.getName().equals("id"))
                    .forEach(parameter -> parameter.setExample(self.id().toString()));
        }
    }

    /** A node cannot join itself. Joining the ring where it already is succeeds at once. */
    private static void nameMember(OpenAPI api, Peer other) {
        Schema<?> join = api.getComponents() == null || api.getComponents().getSchemas() == null ? null
                : api.getComponents().getSchemas().get("JoinRequest");
        if (join != null) {
            ((Schema<?>) join.getProperties().get("address")).setExample(other.address());
        }
    }
}
