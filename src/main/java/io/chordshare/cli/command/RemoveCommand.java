package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.http.Json;
import io.chordshare.cli.http.NodeAddress;
import io.chordshare.cli.http.NodeClient;
import io.chordshare.cli.terminal.Printable;
import io.chordshare.cli.transfer.Amount;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code rm}: deletes files, and after a confirmation folders. */
final class RemoveCommand implements Command {

    private static final String RECURSIVE = "--recursive";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Arguments.command("rm", "Delete files.",
                "",
                "A folder (a name with / at its end) needs --recursive, and a yes: asked for on a terminal, --yes"
                        + " elsewhere.");
        spec.addPositional(Arguments.several("NAME", "A file, or a folder with / at its end."));
        spec.addOption(Arguments.flag(new String[] {"-r", RECURSIVE}, "Also folders, with all that is in them."));
        spec.addOption(Arguments.flag(new String[] {"-y", "--yes"}, "Do not ask."));
        return spec;
    }

    @Override
    public ExitCode run(ParseResult parsed, Session session) throws ClientException {
        boolean recursive = Arguments.has(parsed, RECURSIVE);
        boolean yes = Arguments.has(parsed, "--yes");
        Batch batch = new Batch(session);
        for (String name : Arguments.values(parsed)) {
            if (name.endsWith("/")) {
                batch.run("", () -> folder(name, recursive, yes, session, batch));
            } else {
                batch.run(name, () -> file(name, session));
            }
        }
        return batch.code();
    }

    private static void folder(String name, boolean recursive, boolean yes, Session session, Batch batch)
            throws ClientException {
        if (!recursive) {
            throw new ClientException(ExitCode.USAGE, Printable.quoted(name)
                    + " is a folder: rm --recursive deletes all that is in it");
        }
        if (name.equals("/")) {
            throw new ClientException(ExitCode.USAGE, "rm does not delete everything at once: name the folders");
        }
        long[] count = new long[1];
        session.eachPage(name, false, page -> count[0] += page.get("files").items().size());
        if (count[0] == 0) {
            throw new ClientException(ExitCode.NOT_FOUND, "There is nothing in " + Printable.quoted(name));
        }
        if (!yes) {
            String question = "Delete " + Amount.count(count[0], "file") + " in " + Printable.quoted(name) + "?";
            if (!session.terminal().asks()) {
                throw new ClientException(ExitCode.USAGE, question + " There is nobody to ask: say --yes");
            }
            if (!session.agrees(question)) {
                throw new ClientException(ExitCode.FAILED, "Nothing was deleted");
            }
        }
        session.eachPage(name, false, page -> {
            List<String> names = new ArrayList<>();
            page.get("files").items().forEach(file -> names.add(file.get("name").text()));
            names.forEach(file -> batch.run(file, () -> file(file, session)));
        });
    }

    private static void file(String name, Session session) throws ClientException {
        session.client().retrying(() -> session.client()
                .call("DELETE", "/files/" + NodeAddress.path(name), null, NodeClient.PATIENCE));
        session.print(() -> "deleted " + Printable.of(name), Json.object("deleted", name));
    }
}
