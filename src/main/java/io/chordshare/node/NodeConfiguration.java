package io.chordshare.node;

import io.chordshare.id.Slots;
import io.chordshare.replication.FileRegister;
import io.chordshare.replication.FilesSettings;
import io.chordshare.replication.Replication;
import io.chordshare.replication.blocks.BufferBudget;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.RingSettings;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.model.Copies;
import io.chordshare.transport.HttpRuntime;
import io.chordshare.transport.LocalAnswers;
import io.chordshare.transport.PeerCheck;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** Wires a node together: disk, runtime, ring and replication. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({NodeProperties.class, RingProperties.class, FilesProperties.class})
class NodeConfiguration {

    /** Static, so that it runs before any bean with a disk, a thread or a port is created. */
    @Bean
    static UnknownSettings unknownSettings(ConfigurableEnvironment environment, ApplicationArguments arguments) {
        return new UnknownSettings(environment, arguments);
    }

    @Bean(destroyMethod = "close")
    NodeStore nodeStore(NodeProperties node, FilesProperties files) {
        return NodeStore.open(node.dataDir(), files.reserve().toBytes(), files.keepReplaced());
    }

    @Bean
    LocalAnswers localAnswers(ObjectProvider<RingNode> ring, ObjectProvider<Replication> replication) {
        return new LocalAnswers(ring::getObject, replication::getObject);
    }

    @Bean(destroyMethod = "close")
    HttpRuntime nodeRuntime(JsonMapper json, ObjectProvider<LocalAnswers> answers, ServerProperties server) {
        return new HttpRuntime("node-" + server.getPort(), json, answers::getObject);
    }

    @Bean
    RingNode ringNode(NodeProperties node, RingProperties ring, ServerProperties server, NodeRuntime runtime,
                      NodeStore store, JsonMapper json) {
        String address = AdvertisedAddress.of(node.advertisedAddress(), server.getAddress(),
                Objects.requireNonNullElse(server.getPort(), 0), node.seeds());
        return new RingNode(new RingSettings(ring.successors(), node.seeds(), RingSettings.REPING_AFTER,
                RingSettings.FINGERS_PER_ROUND, new Slots(ring.slots())), runtime,
                new StoredIdentity(store, json), address);
    }

    @Bean
    FilesSettings filesSettings(FilesProperties files, RingProperties ring) {
        if (files.ownerSet() > ring.successors() + 1) {
            throw SettingRules.refused("chordshare.files.owner-set", files.ownerSet(), "it is more than"
                            + " chordshare.ring.successors + 1 (" + (ring.successors() + 1)
                            + "), and an owner finds the"
                            + " others of its set on its list of successors.",
                    "Set chordshare.ring.successors to at least " + (files.ownerSet() - 1)
                            + ", or a smaller owner set.");
        }
        return new FilesSettings(Copies.parse(files.copies()), files.ownerSet(), files.repairAfter());
    }

    @Bean
    BufferBudget bufferBudget(NodeRuntime runtime, FilesProperties files) {
        return new BufferBudget(runtime, Math.toIntExact(files.bufferBudget().toBytes()));
    }

    @Bean
    Replication replication(NodeRuntime runtime, RingNode ring, NodeStore store, FilesSettings settings,
                            BufferBudget budget) {
        return new Replication(runtime, ring, store, settings, budget);
    }

    @Bean
    FileRegister fileRegister(NodeRuntime runtime, RingNode ring, Replication replication) {
        return new FileRegister(runtime, ring, replication);
    }

    @Bean
    WebMvcConfigurer peerChecks(RingNode ring) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new PeerCheck(ring)).addPathPatterns("/peer/**", "/ring/notify");
            }
        };
    }
}
