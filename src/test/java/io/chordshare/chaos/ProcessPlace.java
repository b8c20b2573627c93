package io.chordshare.chaos;

import java.util.List;

/**
 * Where a node runs.
 *
 * @param host     the address that it listens at and is reached by
 * @param enter    what a command has to begin with to run there; empty for this machine as it is
 * @param settings what the node must be told to listen there
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
