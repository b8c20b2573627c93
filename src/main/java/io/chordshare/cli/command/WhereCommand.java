package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.http.Json;
import io.chordshare.cli.http.NodeAddress;
import io.chordshare.cli.terminal.Printable;
import io.chordshare.cli.transfer.Amount;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code where}: shows which nodes answer for a file, and which hold it. */
final class WhereCommand implements Command {

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Arguments.command("where", "Show which nodes hold a file.");
        spec.addPositional(Arguments.several("NAME", "A file of the network."));
        return spec;
    }

    @Override
    public ExitCode run(ParseResult parsed, Session session) throws ClientException {
        Batch batch = new Batch(session);
        for (String name : Arguments.values(parsed)) {
            batch.run(name, () -> {
                Json location = session.client().get("/locations/" + NodeAddress.path(name));
                session.print(() -> text(location), location);
            });
        }
        return batch.code();
    }

    private static String text(Json location) {
        long missing = location.get("missing").number();
        long wanted = location.get("wanted").number();
        return Printable.of(location.get("name").text()) + "\n"
                + "  key      " + Printable.of(location.get("key").text()) + "\n"
                + "  owner    " + address(location.get("owner")) + "\n"
                + "  answers  " + addresses(location.get("ownerSet").items()) + "\n"
                + "  holds    " + addresses(location.get("holders").items())
                + (missing > 0 ? "\n  missing  " + Amount.count(missing, "copy").replace("copys", "copies")
                        + ": being made" : "")
                + (wanted > 0 ? "\n  wanted   " + wanted + " more than there are nodes" : "");
    }

    private static String addresses(List<Json> nodes) {
        return nodes.isEmpty() ? "nobody"
                : nodes.stream().map(WhereCommand::address).collect(Collectors.joining("\n           "));
    }

    private static String address(Json node) {
        return Printable.of(node.get("address").text());
    }
}
