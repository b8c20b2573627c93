package io.chordshare.security;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a port, from a {@code Host} header, an {@code Origin} or a setting.
 *
 * @param host in lower case, without the final dot of a DNS name; IPv6 addresses in brackets
 * @param port {@link #NO_PORT} if none is given
 */
record Authority(String host, int port) {

    static final int NO_PORT = -1;

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(?<host>\\[[0-9A-Fa-f:.]+]|[^\\s\\[\\]:/?#@\\\\]+)(?::(?<port>\\d{1,5}))?");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    /** Parses {@code host} or {@code host:port}; empty if the text is neither. */
    static Optional<Authority> parse(String text) {
        Matcher matcher = HOST_AND_PORT.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String host = matcher.group("host").toLowerCase(Locale.ROOT);
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        String port = matcher.group("port");
        return Optional.of(new Authority(host, port == null ? NO_PORT : Integer.parseInt(port)));
    }

    /** Also parses {@code scheme://host:port}, for settings. */
    static Optional<Authority> parseAddress(String text) {
        int scheme = text.indexOf("://");
        String rest = scheme < 0 ? text : text.substring(scheme + "://".length());
        return parse(rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest);
    }

    /** Whether {@code origin} (an {@code Origin} header) is this authority with {@code scheme}. */
    boolean isOrigin(String origin, String scheme) {
        String prefix = scheme.toLowerCase(Locale.ROOT) + "://";
        // "null", which sandboxed pages and local files send, has no such prefix
        return origin.regionMatches(true, 0, prefix, 0, prefix.length())
                && parse(origin.substring(prefix.length()))
                        .map(other -> other.withPort(scheme).equals(withPort(scheme)))
                        .orElse(false);
    }

    private Authority withPort(String scheme) {
        int standard = scheme.equalsIgnoreCase("https") ? HTTPS_PORT : HTTP_PORT;
        return port == NO_PORT ? new Authority(host, standard) : this;
    }

    /** Whether the host is certainly this machine. Never asks DNS, because an attacker may own the name. */
    boolean isLoopback() {
        if (host.equals("localhost") || host.endsWith(".localhost")) {
            return true;
        }
        boolean ipv6 = host.startsWith("[");
        if (!ipv6 && !IPV4.matcher(host).matches()) {
            return false;
        }
        try {
            return InetAddress.ofLiteral(ipv6 ? host.substring(1, host.length() - 1) : host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            // Something like 127.0.0.999 or [:::] is not an address, so not loopback either
            return false;
        }
    }
}
