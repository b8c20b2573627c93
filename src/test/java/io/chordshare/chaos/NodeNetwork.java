package io.chordshare.chaos;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A network inside this machine: one namespace per node, and one for the router between them. Its addresses exist
 * nowhere else, and no route leads out. The test has its own link to the router, so it reaches every node whatever is
 * cut. Needs root and {@code ip}.
 *
 * <p>The owner of the lock file owns everything with the prefix: the next run removes what a killed run left.
 */
final class NodeNetwork implements AutoCloseable {

    static final int PORT = 8081;

    private static final String PREFIX = "chordshare-chaos-";
    private static final String ROUTER = PREFIX + "router";
    /** Interface names have at most 15 characters. */
    private static final String TEST_LINK = "chordshare-test";
    private static final String NET = "10.231.7.";
    private static final String WHOLE_NET = NET + "0/24";
    private static final String ROUTER_HOST = NET + "254";
    private static final String TEST_HOST = NET + "253";
    private static final int MAX_NODES = 200;
    /** After the rule for packets to the router itself, before the routing rules. */
    private static final int FIRST_CUT = 1;
    private static final Path LOCK = Path.of(System.getProperty("java.io.tmpdir"), PREFIX + "lock");
    /** A long run in another worktree may be in progress. */
    private static final Duration WAITS_FOR_OTHERS = Duration.ofMinutes(30);

    private final FileChannel lock;
    private final int nodes;
    private final Thread atExit = new Thread(NodeNetwork::sweep);

    private NodeNetwork(FileChannel lock, int nodes) {
        this.lock = lock;
        this.nodes = nodes;
    }

    /** Whether this machine allows such networks. */
    static boolean isPossible() {
        String probe = PREFIX + "probe-" + ProcessHandle.current().pid();
        try {
            IpCommand.ip("netns", "add", probe);
            try {
                IpCommand.inNamespace(probe, List.of("rule add pref 1 from 192.0.2.1 ipproto tcp dport 1 blackhole"));
            } finally {
                IpCommand.ip("netns", "del", probe);
            }
            return true;
        } catch (IllegalStateException | UncheckedIOException refused) {
            return false;
        }
    }

    static NodeNetwork of(int nodes) {
        if (nodes > MAX_NODES) {
            throw new IllegalArgumentException("more than " + MAX_NODES + " nodes do not fit into one /24");
        }
        NodeNetwork network = new NodeNetwork(lock(), nodes);
        Runtime.getRuntime().addShutdownHook(network.atExit);
        try {
            sweep();
            network.build();
            return network;
        } catch (RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private static FileChannel lock() {
        try {
            FileChannel channel = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            await("the other run of this machine to end").atMost(WAITS_FOR_OTHERS).pollInterval(Duration.ofSeconds(1))
                    .until(() -> channel.tryLock() != null);
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes what the last run left, including its nodes. */
    private static void sweep() {
        List<String> left = IpCommand.ip("netns", "list").lines().map(line -> line.split(" ")[0])
                .filter(name -> name.startsWith(PREFIX)).toList();
        for (String namespace : left) {
            IpCommand.ip("netns", "pids", namespace).lines().map(Long::valueOf).map(ProcessHandle::of)
                    .forEach(process -> process.ifPresent(ProcessHandle::destroyForcibly));
            IpCommand.ip("netns", "del", namespace);
        }
        if (IpCommand.ip("-o", "link", "show").contains(" " + TEST_LINK + "@")) {
            try {
                IpCommand.ip("link", "del", TEST_LINK);
            } catch (IllegalStateException goneWithItsNamespace) {
                // the kernel removes the link with the namespace of its other end, some time after the name is gone
            }
        }
    }

    private void build() {
        String inUse = IpCommand.ip("-4", "-o", "addr", "show", "to", WHOLE_NET);
        if (!inUse.isBlank()) {
            throw new IllegalStateException("this machine uses " + WHOLE_NET + " itself: " + inUse);
        }
        IpCommand.ip("netns", "add", ROUTER);
        IpCommand.ip("netns", "exec", ROUTER, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        for (int node = 0; node < nodes; node++) {
            String namespace = namespace(node);
            IpCommand.ip("netns", "add", namespace);
            IpCommand.inNamespace(ROUTER, List.of("link add node" + node + " type veth peer name eth0 netns "
                    + namespace));
            IpCommand.inNamespace(ROUTER, routerEnd("node" + node, host(node)));
            IpCommand.inNamespace(namespace, List.of("link set lo up", "addr add " + host(node) + " dev eth0",
                    "link set eth0 up", "route add " + WHOLE_NET + " via " + ROUTER_HOST + " dev eth0 onlink"));
        }
        IpCommand.ip("link", "add", TEST_LINK, "type", "veth", "peer", "name", "test", "netns", ROUTER);
        IpCommand.inNamespace(ROUTER, routerEnd("test", TEST_HOST));
        IpCommand.ip("addr", "add", TEST_HOST, "dev", TEST_LINK);
        IpCommand.ip("link", "set", TEST_LINK, "up");
        IpCommand.ip("route", "add", WHOLE_NET, "via", ROUTER_HOST, "dev", TEST_LINK, "onlink");
    }

    private static List<String> routerEnd(String link, String host) {
        return List.of("addr add " + ROUTER_HOST + " dev " + link, "link set " + link + " up",
                "route add " + host + " dev " + link);
    }

    /** The places of the nodes, in order. */
    List<ProcessPlace> places() {
        return IntStream.range(0, nodes).mapToObj(node -> new ProcessPlace(host(node), PORT,
                List.of("ip", "netns", "exec", namespace(node)),
                List.of("--server.address=" + host(node), "--chordshare.security.open=true",
                        "--chordshare.node.advertised-address=http://" + host(node) + ":" + PORT))).toList();
    }

    private static String namespace(int node) {
        return PREFIX + "node" + (node + 1);
    }

    private static String host(int node) {
        return NET + (node + 1);
    }

    /** What is lost, without notice to the sender, as on a cut cable. */
    enum Loss {
        /**
         * All packets to the other node. TCP then works in neither direction, but the two ends see different errors.
         */
        PACKETS(""),
        /** Only requests to the other node. Requests from it, and their answers, still arrive. */
        REQUESTS(" ipproto tcp dport " + PORT);

        private final String selector;

        Loss(String selector) {
            this.selector = selector;
        }
    }

    /** A cut from one node to another, by number. */
    record Cut(int from, int to, Loss loss) {

        /** The router drops the packets, so the sender gets no error. */
        private String rule(int number) {
            return "pref " + number + " from " + host(from) + " to " + host(to) + loss.selector + " blackhole";
        }
    }

    /** @param number for {@link #heal}; cuts of several numbers may overlap, even for the same nodes */
    void cut(int number, Collection<Cut> cuts) {
        IpCommand.inNamespace(ROUTER, cuts.stream().map(cut -> "rule add " + cut.rule(FIRST_CUT + number)).toList());
    }

    void heal(int number, Collection<Cut> cuts) {
        IpCommand.inNamespace(ROUTER, cuts.stream().map(cut -> "rule del " + cut.rule(FIRST_CUT + number)).toList());
    }

    /** Whether a new connection from one node to another succeeds. */
    boolean connects(int from, int to) {
        try {
            IpCommand.ip("netns", "exec", namespace(from), "timeout", "2", "bash", "-c",
                    "exec 3<>/dev/tcp/" + host(to) + "/" + PORT);
            return true;
        } catch (IllegalStateException refusedOrSilent) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            sweep();
        } finally {
            closeQuietly(lock::close);
            closeQuietly(() -> Runtime.getRuntime().removeShutdownHook(atExit));
        }
    }

    private interface Closing {
        void close() throws IOException;
    }

    private static void closeQuietly(Closing closing) {
        try {
            closing.close();
        } catch (IOException | IllegalStateException alreadyOver) {
            // already closed, or the hook runs during the shutdown of the machine
        }
    }
}
