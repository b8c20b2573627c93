package io.chordshare.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.util.NetMask;
import org.springframework.http.HttpHeaders;

/**
 * The configured proxies in front of this node, for example one that terminates TLS. Their forwarded headers, which
 * tell the address that the browser used, are trusted. Those of all others are ignored.
 */
final class TrustedProxies {

    private static final String FORWARDED = "Forwarded";
    /** Java reads 10.1 as 10.0.0.1, which is hardly intended. */
    private static final Pattern WHOLE_ADDRESS = Pattern
            .compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");
    private static final Pattern PARAMETER = Pattern.compile(
            "(?:^|;)\\s*(proto|host)\\s*=\\s*(?:\"([^\"\\\\]*)\"|([^\";,\\s]+))", Pattern.CASE_INSENSITIVE);

    private final List<NetMask> networks;

    /** @param networks addresses, or networks such as {@code 10.0.0.0/8} */
    TrustedProxies(List<String> networks) {
        this.networks = networks.stream().map(network -> parse(network).orElseThrow(() ->
                new IllegalArgumentException("\"" + network + "\" is neither an address nor a network"))).toList();
    }

    static Optional<NetMask> parse(String network) {
        String address = network.strip().split("/", 2)[0];
        if (!WHOLE_ADDRESS.matcher(address).matches()) {
            return Optional.empty();
        }
        try {
            // Names are not resolved: their owners would decide whom this node trusts
            InetAddress.ofLiteral(address);
            return Optional.of(new NetMask(network.strip()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * The address to which the browser sent its request.
     *
     * @param scheme http or https
     * @param host empty if unknown
     */
    record Target(String scheme, Optional<Authority> host) {}

    /** The target according to the request itself and to a trusted proxy. */
    Target target(HttpServletRequest request) {
        Optional<Authority> host = Optional.ofNullable(request.getHeader(HttpHeaders.HOST)).flatMap(Authority::parse);
        if (!isTrusted(request.getRemoteAddr())) {
            return new Target(request.getScheme(), host);
        }
        String forwarded = last(request, FORWARDED).orElse("");
        Optional<String> scheme = parameter(forwarded, "proto").or(() -> last(request, "X-Forwarded-Proto"))
                .map(text -> text.toLowerCase(Locale.ROOT)).filter(text -> text.equals("http") || text.equals("https"));
        Optional<Authority> named = parameter(forwarded, "host").or(() -> last(request, "X-Forwarded-Host"))
                .flatMap(Authority::parse);
        return new Target(scheme.orElse(request.getScheme()),
                named.or(() -> host).map(authority -> withPort(authority, last(request, "X-Forwarded-Port"))));
    }

    /** Many proxies send the port in its own header. */
    private static Authority withPort(Authority host, Optional<String> port) {
        return host.port() != Authority.NO_PORT ? host
                : port.flatMap(number -> Authority.parse(host.host() + ":" + number)).orElse(host);
    }

    private boolean isTrusted(String remote) {
        if (networks.isEmpty()) {
            return false;
        }
        int zone = remote.indexOf('%');
        InetAddress address = InetAddress.ofLiteral(zone < 0 ? remote : remote.substring(0, zone));
        return networks.stream().anyMatch(network -> network.matches(address));
    }

    /** Only the last element comes from the nearest proxy. Anybody may have sent the earlier ones. */
    private static Optional<String> last(HttpServletRequest request, String header) {
        List<String> lines = Collections.list(request.getHeaders(header));
        String value = lines.isEmpty() ? "" : lines.getLast();
        String element = value.substring(value.lastIndexOf(',') + 1).strip();
        return element.isEmpty() ? Optional.empty() : Optional.of(element);
    }

    private static Optional<String> parameter(String element, String name) {
        for (Matcher parameters = PARAMETER.matcher(element); parameters.find();) {
            if (parameters.group(1).equalsIgnoreCase(name)) {
                return Optional.of(parameters.group(2) != null ? parameters.group(2) : parameters.group(3));
            }
        }
        return Optional.empty();
    }
}
