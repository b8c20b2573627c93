package io.chordshare.chaos;

import java.util.List;

/**
 * Where a node runs.
 *
 * @param host     the address at which it listens and is reached
 * @param enter    the prefix of a command that runs there; empty for the machine itself
 * @param settings the settings that make the node listen there
 */
record ProcessPlace(String host, int port, List<String> enter, List<String> settings) {

    /** Any free port of the loopback interface. */
    static ProcessPlace loopback() {
        return new ProcessPlace("127.0.0.1", ProcessPorts.free(), List.of(), List.of());
    }

    String address() {
        return "http://" + host + ":" + port;
    }
}
