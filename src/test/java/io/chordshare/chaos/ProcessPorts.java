package io.chordshare.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for nodes, outside the range that the system assigns. Otherwise another connection could get the port of a node
 * that is down, and the node could not restart.
 */
final class ProcessPorts {

    private static final int FIRST = 20_000;
    private static final int AFTER_LAST = 32_000;
    private static final Set<Integer> given = new HashSet<>();

    private ProcessPorts() {}

    static synchronized int free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, AFTER_LAST);
            if (!given.contains(port) && isFree(port)) {
                given.add(port);
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
