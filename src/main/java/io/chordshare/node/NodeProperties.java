package io.chordshare.node;

import io.chordshare.runtime.NodeAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of this node.
 *
 * @param advertisedAddress the address that peers are told, {@code http://host:port}; derived when absent
 * @param seeds             addresses to join through at the start; tried again while none answers
 * @param dataDir           the directory for all data of the node
 */
@ConfigurationProperties("chordshare.node")
record NodeProperties(@Nullable String advertisedAddress, @DefaultValue List<String> seeds,
                      @DefaultValue("./data") Path dataDir) {

    public NodeProperties {
        advertisedAddress = advertisedAddress == null || advertisedAddress.isBlank() ? null
                : address("chordshare.node.advertised-address", advertisedAddress);
        seeds = seeds.stream().filter(seed -> !seed.isBlank())
                .map(seed -> address("chordshare.node.seeds", seed)).toList();
    }

    private static String address(String name, String value) {
        try {
            return NodeAddress.parse(value.strip()).toString();
        } catch (IllegalArgumentException e) {
            throw SettingRules.refused(name, value, e, "Correct it, for example to http://127.0.0.1:8081.");
        }
    }
}
