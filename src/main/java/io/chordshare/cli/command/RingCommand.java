package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.http.Json;
import io.chordshare.cli.terminal.Printable;
import io.chordshare.cli.transfer.Amount;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code ring}: lists the nodes, or the pointers of the node that is asked. */
final class RingCommand implements Command {

    private static final int ID_DIGITS = 8;
    private static final double PERCENT = 100;

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Arguments.command("ring", "Show the nodes of the ring, and what this one points to.",
                "", "The node that is asked has a star. Ids are cut to their first digits; --json has all of them.");
        spec.addOption(Arguments.flag("--fingers", "Its predecessor, successors and finger table instead."));
        return spec;
    }

    @Override
    public ExitCode run(ParseResult parsed, Session session) throws ClientException {
        Json ring = session.client().get("/ring");
        if (Arguments.has(parsed, "--fingers")) {
            session.print(() -> pointers(ring), ring);
            return ExitCode.DONE;
        }
        Json nodes = session.client().get("/ring/nodes");
        session.print(() -> members(ring, nodes.items()),
                Json.object("self", ring.get("self"), "status", ring.get("status").text(), "ringId",
                        ring.get("ringId"), "nodes", nodes));
        return ExitCode.DONE;
    }

    private static String members(Json ring, List<Json> nodes) {
        List<String> lines = new ArrayList<>();
        lines.add(Amount.count(nodes.size(), "node") + ", this one is " + Printable.of(ring.get("status").text()));
        String self = ring.get("self").get("id").text();
        for (Json node : nodes) {
            String star = node.get("id").text().equals(self) ? "* " : "  ";
            String status = node.get("answers").flag() ? node.get("status").text() : "SILENT";
            lines.add(star + id(node) + String.format(Locale.ROOT, " %5.1f%% ", node.get("share").fraction() * PERCENT)
                    + (status.equals("MEMBER") ? "" : Printable.of(status) + " ")
                            + Printable.of(node.get("address").text()));
        }
        return String.join("\n", lines);
    }

    /** Shows consecutive fingers with the same node as one line. */
    static String pointers(Json ring) {
        List<String> lines = new ArrayList<>();
        lines.add("node        " + described(ring.get("self")) + "\nstatus      "
                + Printable.of(ring.get("status").text()));
        lines.add("predecessor " + described(ring.get("predecessor")));
        List<Json> successors = ring.get("successors").items();
        for (int i = 0; i < successors.size(); i++) {
            lines.add(String.format(Locale.ROOT, "successor%-3d", i + 1) + described(successors.get(i)));
        }
        List<Json> fingers = ring.get("fingers").items();
        for (int first = 0; first < fingers.size(); ) {
            int last = first;
            String node = fingers.get(first).get("node").toString();
            while (last + 1 < fingers.size() && fingers.get(last + 1).get("node").toString().equals(node)) {
                last++;
            }
            String numbers = first == last ? String.valueOf(first) : first + "-" + last;
            lines.add(String.format(Locale.ROOT, "%-12s", "+2^" + numbers) + described(fingers.get(first).get("node")));
            first = last + 1;
        }
        return String.join("\n", lines);
    }

    private static String described(Json node) {
        return node.isNull() ? "unknown" : id(node) + " " + Printable.of(node.get("address").text());
    }

    private static String id(Json node) {
        String id = Printable.of(node.get("id").text());
        return id.substring(0, Math.min(ID_DIGITS, id.length()));
    }
}
