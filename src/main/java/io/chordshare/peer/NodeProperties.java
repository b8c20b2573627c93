package io.chordshare.peer;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of this node.
 *
 * @param advertisedAddress what peers are told, {@code http://host:port}; derived when absent
 * @param seeds             addresses to join through at the start; kept trying while none answers
 * @param dataDir           everything that the node keeps
 */
@ConfigurationProperties("chordshare.node")
record NodeProperties(@Nullable String advertisedAddress, @DefaultValue List<String> seeds,
                      @DefaultValue("./data") Path dataDir) {}
