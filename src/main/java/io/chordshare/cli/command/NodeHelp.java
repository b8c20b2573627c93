package io.chordshare.cli.command;

import io.chordshare.cli.ExitCode;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of the help about starting a node: its settings. A test compares them with the settings that a node reads.
 */
final class NodeHelp {

    /** @param usual the default */
    record Setting(String name, String usual, String meaning) {}

    static final List<Setting> SETTINGS = List.of(
            new Setting("server.port", "8081", ""),
            new Setting("server.address", "127.0.0.1", "opening it is a decision"),
            new Setting("chordshare.node.seeds", "none", "join through one of these"),
            new Setting("chordshare.node.advertised-address", "derived", "what peers are told"),
            new Setting("chordshare.node.data-dir", "./data", "all that the node keeps"),
            new Setting("chordshare.ring.successors", "4", "length of the successor list"),
            new Setting("chordshare.ring.stabilize-every", "1s", ""),
            new Setting("chordshare.ring.fix-fingers-every", "1s", ""),
            new Setting("chordshare.ring.ping-every", "1s", ""),
            new Setting("chordshare.files.copies", "all", "for uploads that do not say"),
            new Setting("chordshare.ring.slots", "4096", "parts of a ring that the node founds"),
            new Setting("chordshare.files.owner-set", "5", "nodes answering for a file"),
            new Setting("chordshare.files.repair-after", "10s", "after a death"),
            new Setting("chordshare.files.sync-every", "1s", "comparison of copies"),
            new Setting("chordshare.files.buffer-budget", "16MB", "memory for transfers"),
            new Setting("chordshare.files.reserve", "64MB", "disk that new files leave free"),
            new Setting("chordshare.files.keep-replaced", "15m", "replaced files, for readers"),
            new Setting("chordshare.connections.head-within", "20s", "for a whole request head"),
            new Setting("chordshare.connections.patience", "20s", "for a body that stops"),
            new Setting("chordshare.connections.least-rate", "1KB", "a second, of a body"),
            new Setting("chordshare.connections.read-within", "60s", "for a client that reads"),
            new Setting("chordshare.security.open", "false", "listen beyond loopback"),
            new Setting("chordshare.security.allowed-hosts", "none", "Host names for browsers"),
            new Setting("chordshare.security.trusted-proxies", "none", "whose forwarded headers count"));

    private NodeHelp() {}

    /** The end of the main help. */
    static String[] lines() {
        List<String> lines = new ArrayList<>(
                List.of("", "Without a command a node starts: java -jar chordshare.jar --server.port=8082",
                "It is set by --name=value, by variables such as CHORDSHARE_NODE_SEEDS, or by an",
                        "application.yaml beside the jar:"));
        for (Setting setting : SETTINGS) {
            lines.add(String.format("  %-36s%-10s%s", setting.name(), setting.usual(), setting.meaning())
                    .stripTrailing());
        }
        lines.addAll(List.of("", "Exit codes:"));
        for (ExitCode code : ExitCode.values()) {
            lines.add("  " + code.number() + "  " + code.meaning());
        }
        return lines.toArray(String[]::new);
    }
}
