package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.http.Json;
import io.chordshare.cli.http.NodeAddress;
import io.chordshare.cli.http.Waiting;
import io.chordshare.cli.terminal.Printable;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code join}: the node that is asked joins the ring of another node. */
final class JoinCommand implements Command {

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Arguments.command("join", "Join the ring of another node.",
                "",
                "The node that joins is the one that --node names. A node that is in a ring with others needs --merge:"
                        + " then the two rings become one, with the nodes and files of both.",
                "", "Example:", "  --node=localhost:8082 join localhost:8081");
        spec.addPositional(Arguments.one("ADDRESS",
                "Any node of the ring, as the joining node reaches it: host:port."));
        spec.addOption(Arguments.flag("--merge", "Make two rings one."));
        spec.addOption(Waiting.option("30s"));
        return spec;
    }

    @Override
    public ExitCode run(ParseResult parsed, Session session) throws ClientException {
        NodeAddress other = NodeAddress.parse(Arguments.value(parsed), "ADDRESS");
        Duration wait = Waiting.of(parsed, Duration.ofSeconds(30));
        Json request = Arguments.has(parsed, "--merge") ? Json.object("address", other.base(), "merge", true)
                : Json.object("address", other.base());
        Json ring = session.client().call("POST", "/ring/join?wait=" + wait.toSeconds() + "s", request,
                Waiting.patience(wait));
        session.print(() -> session.client().node().base() + " is in the ring of " + other.base() + " ("
                + Printable.of(ring.get("status").text()) + ")", ring);
        return ExitCode.DONE;
    }
}
