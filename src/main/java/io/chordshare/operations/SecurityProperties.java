package io.chordshare.operations;

import io.chordshare.problem.StartRefusedException;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may reach this node.
 *
 * @param open         whether it may listen beyond loopback; read by {@link LoopbackOnly} before anything is made
 * @param allowedHosts further {@code Host} names that web browsers may use
 */
@ConfigurationProperties("chordshare.security")
record SecurityProperties(@DefaultValue("false") boolean open, @DefaultValue List<String> allowedHosts) {

    SecurityProperties {
        allowedHosts = List.copyOf(allowedHosts);
        for (String host : allowedHosts) {
            // a pattern would be taken for a name that no browser ever sends
            if (Authority.parseAddress(host).isEmpty() || host.contains("*")) {
                throw new StartRefusedException("chordshare.security.allowed-hosts=" + host
                        + " cannot be used: it is no name of a host.",
                        "Name each host as browsers call it, for example files.example.org, separated by commas.");
            }
        }
    }
}
