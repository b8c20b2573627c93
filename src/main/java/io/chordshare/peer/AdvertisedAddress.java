package io.chordshare.peer;

import io.chordshare.problem.StartRefusedException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
     * @param given     by the user, normalised, or null to derive it
     * @param listensAt address that the node listens at, or null for all of this machine
     * @param port      it listens on
     * @param seeds     normalised
     * @throws StartRefusedException when peers elsewhere could not reach it
     */
    static String of(@Nullable String given, @Nullable InetAddress listensAt, int port, List<String> seeds) {
        InetAddress bind = listensAt == null ? new InetSocketAddress(0).getAddress() : listensAt;
        if (port < 0) {
            throw SettingRules.refused("server.port", port, "a node that does not listen is of no use to its peers.",
                    "Set server.port to a number from 1 to 65535, for example 8081 (the default).");
        }
        if (port == 0 && given == null) {
            throw SettingRules.refused("server.port", port, "peers must be told a port before the node listens.",
                    "Set server.port to the port that the node shall listen on.");
        }
        String address = given != null ? given : "http://" + host(bind) + ":" + port;
        boolean remoteSeed = seeds.stream().anyMatch(seed -> !isLoopback(hostOf(seed)));
        String host = hostOf(address);
        boolean guessed = given == null && bind.isAnyLocalAddress();
        if (isWildcard(host) || ((remoteSeed || guessed) && isLoopback(host))) {
            throw new StartRefusedException("Peers on other machines cannot reach this node at " + address + ".",
                    "Set chordshare.node.advertised-address to http://host:port as the others see it.");
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
            throw new StartRefusedException("This machine does not know its own address.",
                    "Set chordshare.node.advertised-address to http://host:port as the others see it.", e);
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
