package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.http.Json;
import io.chordshare.cli.terminal.Printable;
import io.chordshare.cli.transfer.Amount;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code ls}: lists the content of a folder of the network. */
final class ListCommand implements Command {

    private static final String RECURSIVE = "--recursive";
    private static final int SIZE_WIDTH = 7;

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Arguments.command("ls", "List files and folders.",
                "",
                "Names come last in each line, folders with / at their end. Of a long list the first lines come at"
                        + " once.");
        spec.addPositional(Arguments.atMostOne("FOLDER", "Folder, or beginning of names; everything without it."));
        spec.addOption(Arguments.flag(new String[] {"-r", RECURSIVE}, "Also what is in the folders."));
        spec.addOption(Arguments.flag(new String[] {"-1", "--names"}, "Names only."));
        return spec;
    }

    @Override
    public ExitCode run(ParseResult parsed, Session session) throws ClientException {
        String prefix = Arguments.value(parsed);
        boolean recursive = Arguments.has(parsed, RECURSIVE);
        boolean namesOnly = Arguments.has(parsed, "--names");
        long[] count = new long[1];
        session.eachPage(prefix.equals("/") ? "" : prefix, !recursive, page -> {
            List<Json> folders = page.get("folders").items();
            folders.forEach(folder -> session.print(() -> line("", folder.text(), namesOnly),
                    Json.object("folder", folder.text())));
            List<Json> files = page.get("files").items();
            files.forEach(file -> session.print(() ->
                    line(Amount.bytes(file.get("size").number()), file.get("name").text(), namesOnly), file));
            count[0] += folders.size() + files.size();
            session.terminal().out().flush();
        });
        if (count[0] == 0 && !session.json() && session.terminal().sees().err()) {
            session.note(prefix.isEmpty() ? "There are no files yet. Upload some with put"
                    : "There is nothing that begins with "
                    + Printable.quoted(prefix));
        }
        return ExitCode.DONE;
    }

    private static String line(String size, String name, boolean namesOnly) {
        return namesOnly ? Printable.of(name) : " ".repeat(Math.max(0, SIZE_WIDTH - size.length())) + size + "  "
                + Printable.of(name);
    }
}
