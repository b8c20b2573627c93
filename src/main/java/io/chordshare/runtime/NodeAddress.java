package io.chordshare.runtime;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a node: {@code http://host:port} or {@code https://host:port}, and nothing else. Only this class
 * parses addresses of nodes: with a path, a query or another scheme, a stranger could choose what this node requests
 * elsewhere. Parsing never uses DNS. Equal addresses have one spelling: the host in lower case, the port always
 * present.
 *
 * @param secure whether the scheme is https
 * @param host   a DNS name, an IPv4 address, or an IPv6 address in brackets
 * @param port   1 to 65,535
 */
public record NodeAddress(boolean secure, String host, int port) {

    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_PORT_DIGITS = 5;
    /** Longest DNS name (RFC 1035, section 2.3.4). */
    private static final int MAX_HOST = 253;
    private static final int MAX_LABEL = 63;
    private static final int MAX_ADDRESS = HTTPS.length() + MAX_HOST + 1 + MAX_PORT_DIGITS + 1;

    private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
    /**
     * 127.1, 0x7f.1 and 2130706433 also mean 127.0.0.1. So a host that ends in a number must be four decimal numbers.
     */
    private static final Pattern NUMBER = Pattern.compile("\\d+|0x[0-9a-f]*");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]{2,45}]");
    /** The two or more zero groups that {@code ::} replaces (RFC 5952, section 4.2). */
    private static final Pattern ZERO_GROUPS = Pattern.compile("(?<![0-9a-f])0(:0)+(?![0-9a-f])");

    /**
     * Parses an address. One slash may follow it.
     *
     * @throws IllegalArgumentException unless {@code text} is the address of a node
     */
    public static NodeAddress parse(String text) {
        return find(text).orElseThrow(() -> new IllegalArgumentException(
                "the address of a node looks like http://host:port, without a path"));
    }

    /** As {@link #parse}, but empty when {@code text} is not the address of a node. */
    public static Optional<NodeAddress> find(String text) {
        if (text.length() > MAX_ADDRESS) {
            return Optional.empty();
        }
        String lower = text.toLowerCase(Locale.ROOT);
        boolean secure = lower.startsWith(HTTPS);
        if (!secure && !lower.startsWith(HTTP)) {
            return Optional.empty();
        }
        int start = secure ? HTTPS.length() : HTTP.length();
        int end = lower.endsWith("/") && lower.length() > start ? lower.length() - 1 : lower.length();
        int colon = lower.indexOf(':', Math.max(start, lower.lastIndexOf(']')));
        int port = colon < 0 ? secure ? HTTPS_PORT : HTTP_PORT : port(lower, colon + 1, end);
        Optional<String> host = host(lower.substring(start, colon < 0 ? end : colon));
        return port < 1 || port > MAX_PORT ? Optional.empty() : host.map(known -> new NodeAddress(secure, known, port));
    }

    /** The port from {@code start} to {@code end}; 0 when the text is not a valid port. */
    private static int port(String text, int start, int end) {
        if (end - start > MAX_PORT_DIGITS) {
            return 0;
        }
        int number = 0;
        for (int i = start; i < end; i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                return 0;
            }
            number = number * 10 + digit - '0';
        }
        return number;
    }

    private static Optional<String> host(String text) {
        if (text.startsWith("[")) {
            return IPV6.matcher(text).matches() ? literal(text.substring(1, text.length() - 1)) : Optional.empty();
        }
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (!isName(name)) {
            return Optional.empty();
        }
        int last = name.lastIndexOf('.') + 1;
        boolean letter = name.charAt(last) > '9';
        if (letter || !NUMBER.matcher(name.substring(last)).matches()) {
            return Optional.of(name);
        }
        return IPV4.matcher(name).matches() ? literal(name) : Optional.empty();
    }

    private static boolean isName(String text) {
        int label = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean dot = c == '.';
            boolean hyphen = c == '-';
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || hyphen || dot)
                    || label == 0 && (dot || hyphen) || dot && text.charAt(i - 1) == '-') {
                return false;
            }
            label = dot ? 0 : label + 1;
            if (label > MAX_LABEL) {
                return false;
            }
        }
        return label > 0 && text.length() <= MAX_HOST && !text.endsWith("-");
    }

    /** The normal spelling of a numeric address; empty when it is not one, or when it is the wildcard address. */
    private static Optional<String> literal(String text) {
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            return address.isAnyLocalAddress() ? Optional.empty() : Optional.of(bracketed(address.getHostAddress()));
        } catch (IllegalArgumentException e) {
            // for example 127.0.0.999 or [:::]: only characters of addresses, but not an address
            return Optional.empty();
        }
    }

    private static String bracketed(String numeric) {
        if (!numeric.contains(":")) {
            return numeric;
        }
        int from = 0;
        int to = 0;
        for (Matcher zeros = ZERO_GROUPS.matcher(numeric); zeros.find();) {
            if (zeros.end() - zeros.start() > to - from) {
                from = zeros.start();
                to = zeros.end();
            }
        }
        if (to == 0) {
            return "[" + numeric + "]";
        }
        String head = numeric.substring(0, from);
        String tail = numeric.substring(to);
        return "[" + (head.isEmpty() ? ":" : head) + (tail.isEmpty() ? ":" : tail) + "]";
    }

    /** Whether the host is certainly this machine. Of DNS names, only {@code localhost} is. */
    public boolean isLoopback() {
        return host.equals("localhost") || host.endsWith(".localhost")
                || (host.startsWith("[") || IPV4.matcher(host).matches())
                && InetAddress.ofLiteral(host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
                        .isLoopbackAddress();
    }

    /** The normal spelling. */
    @Override
    public String toString() {
        return (secure ? HTTPS : HTTP) + host + ":" + port;
    }
}
