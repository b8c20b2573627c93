package io.chordshare.security;

import io.chordshare.problem.StartRefusedException;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may reach this node.
 *
 * @param open whether the node may listen beyond loopback; {@link LoopbackOnly} reads it before any bean is created
 * @param allowedHosts further {@code Host} names that web browsers may use
 * @param trustedProxies addresses or networks of proxies whose forwarded headers are trusted
 */
@ConfigurationProperties("chordshare.security")
public record SecurityProperties(@DefaultValue("false") boolean open, @DefaultValue List<String> allowedHosts,
                          @DefaultValue List<String> trustedProxies) {

    public SecurityProperties {
        allowedHosts = List.copyOf(allowedHosts);
        for (String host : allowedHosts) {
            // A pattern would count as a name that no browser ever sends
            if (Authority.parseAddress(host).isEmpty() || host.contains("*")) {
                throw new StartRefusedException("chordshare.security.allowed-hosts=" + host
                        + " cannot be used: it is not a host name.",
                        "Name each host as browsers call it, for example files.example.org, separated by commas.");
            }
        }
        trustedProxies = List.copyOf(trustedProxies);
        for (String proxy : trustedProxies) {
            if (TrustedProxies.parse(proxy).isEmpty()) {
                throw new StartRefusedException("chordshare.security.trusted-proxies=" + proxy
                        + " cannot be used: it is neither an IP address nor a network.",
                        "Name each proxy by its address or network, for example 127.0.0.1 or 10.0.0.0/8, separated by"
                                + " commas.");
            }
        }
    }
}
