package io.chordshare.node;

import io.chordshare.problem.StartRefusedException;
import io.chordshare.runtime.NodeAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The address that peers are told: {@code http://host:port}, without a path or a final slash. */
final class AdvertisedAddress {

    private AdvertisedAddress() {}

    /**
     * The address to advertise.
     *
     * @param given     set by the user, normalized, or null to derive it
     * @param listensAt address that the node listens at, or null for all addresses of this machine
     * @param port      the port that it listens on
     * @param seeds     normalized
     * @throws StartRefusedException when peers on other machines could not reach the address
     */
    public static String of(@Nullable String given, @Nullable InetAddress listensAt, int port, List<String> seeds) {
        InetAddress bind = listensAt == null ? new InetSocketAddress(0).getAddress() : listensAt;
        if (port < 0) {
            throw SettingRules.refused("server.port", port, "a node that does not listen is of no use to its peers.",
                    "Set server.port to a number from 1 to 65535, for example 8081 (the default).");
        }
        if (port == 0 && given == null) {
            throw SettingRules.refused("server.port", port, "peers must be told a port before the node listens.",
                    "Set server.port to the port that the node must listen on.");
        }
        NodeAddress address = given != null ? NodeAddress.parse(given)
                : NodeAddress.parse("http://" + host(bind) + ":" + port);
        boolean remoteSeed = seeds.stream().map(NodeAddress::parse).anyMatch(seed -> !seed.isLoopback());
        boolean guessed = given == null && bind.isAnyLocalAddress();
        if ((remoteSeed || guessed) && address.isLoopback()) {
            throw new StartRefusedException("Peers on other machines cannot reach this node at " + address + ".",
                    "Set chordshare.node.advertised-address to http://host:port as the others see it.");
        }
        return address.toString();
    }

    private static String host(InetAddress bind) {
        if (!bind.isAnyLocalAddress()) {
            return literal(bind);
        }
        try {
            return literal(InetAddress.getLocalHost());
        } catch (UnknownHostException e) {
            throw new StartRefusedException("This machine does not know its own address.",
                    "Set chordshare.node.advertised-address to http://host:port as the others see it.", e);
        }
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        // the name of an interface of this machine means nothing on another machine
        int zone = text.indexOf('%');
        return !text.contains(":") ? text : "[" + (zone < 0 ? text : text.substring(0, zone)) + "]";
    }
}
