package io.chordshare.peer;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What peers are told: {@code http://host:port}, without a path or a trailing slash. */
final class AdvertisedAddress {

    private AdvertisedAddress() {}

    /**
     * The address to advertise.
     *
     * @param given     by the user, or null to derive it
     * @param bind      address that the node listens at
     * @param port      it listens on
     * @param seeds     normalised
     * @throws IllegalStateException when peers elsewhere could not reach it
     */
    static String of(@Nullable String given, InetAddress bind, int port, List<String> seeds) {
        if (port == 0 && given == null) {
            throw new IllegalStateException("server.port=0 needs chordshare.node.advertised-address:"
                    + " peers must be told a port before the node listens");
        }
        String address = given != null ? normalize(given) : "http://" + host(bind) + ":" + port;
        boolean remoteSeed = seeds.stream().anyMatch(seed -> !isLoopback(hostOf(seed)));
        String host = hostOf(address);
        boolean guessed = given == null && bind.isAnyLocalAddress();
        if (isWildcard(host) || ((remoteSeed || guessed) && isLoopback(host))) {
            throw new IllegalStateException("peers cannot reach this node at " + address
                    + ": set chordshare.node.advertised-address to http://host:port as the others see it");
        }
        return address;
    }

    /**
     * One spelling for one address.
     *
     * @throws IllegalArgumentException unless it is {@code http://host:port}
     */
    static String normalize(String address) {
        try {
            URI uri = new URI(address.strip());
            boolean plain = (uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/"))
                    && uri.getQuery() == null && uri.getFragment() == null && uri.getUserInfo() == null;
            boolean http = "http".equalsIgnoreCase(uri.getScheme());
            if (!plain || !http || uri.getHost() == null || uri.getPort() > 65_535 || uri.getPort() == 0) {
                throw new IllegalArgumentException(wrong(address));
            }
            int port = uri.getPort() < 0 ? 80 : uri.getPort();
            return "http://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(wrong(address), e);
        }
    }

    private static String wrong(String address) {
        return "'" + address + "' is not the address of a node: it must look like http://host:port";
    }

    private static String host(InetAddress bind) {
        if (!bind.isAnyLocalAddress()) {
            String text = bind.getHostAddress();
            return text.contains(":") ? "[" + text + "]" : text;
        }
        try {
            return InetAddress.getLocalHost().getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("this machine does not know its own address:"
                    + " set chordshare.node.advertised-address to http://host:port", e);
        }
    }

    private static String hostOf(String address) {
        return URI.create(address).getHost();
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }

    private static boolean isWildcard(String host) {
        return host.equals("0.0.0.0") || host.equals("[::]");
    }
}
