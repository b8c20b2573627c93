package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.http.Json;
import io.chordshare.cli.terminal.Printable;
import io.chordshare.cli.transfer.Amount;
import io.chordshare.cli.transfer.Download;
import io.chordshare.cli.transfer.FileDownload;
import io.chordshare.cli.transfer.LocalFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code get}: downloads files and folders. */
final class GetCommand implements Command {

    private static final String OUTPUT = "--output";
    private static final String PIPE = "-";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Arguments.command("get", "Download files and folders.",
                "",
                "A name that ends with / is a folder, and / alone is everything. A file goes into the folder that"
                        + " one is in, or"
                        + " where -o says. What is there already and is the same is left as it is; what is different"
                        + " is in the way.",
                "",
                "A download that broke off goes on where it was, also at another node. It becomes the file when it"
                        + " is whole and"
                        + " its checksum is right; until then it lies beside it, as .chordshare-*.part.",
                "", "Examples:", "  get report.pdf", "  get -o backup/ photos/", "  get -o - src.tar | tar x");
        spec.addPositional(Arguments.several("NAME", "A file of the network, or a folder with / at its end."));
        spec.addOption(Arguments.option(new String[] {"-o", OUTPUT}, "PATH",
                "File, or folder (with / at its end, or one that exists), or - for standard output."));
        spec.addOption(Arguments.flag(new String[] {"-f", "--force"}, "Replace files that are in the way."));
        return spec;
    }

    @Override
    public ExitCode run(ParseResult parsed, Session session) throws ClientException {
        List<String> names = Arguments.values(parsed);
        String output = Arguments.value(parsed, OUTPUT);
        Batch batch = new Batch(session);
        if (PIPE.equals(output)) {
            if (names.size() > 1 || names.getFirst().endsWith("/")) {
                throw new ClientException(ExitCode.USAGE, "One file goes to standard output, not several");
            }
            return toPipe(names.getFirst(), session);
        }
        boolean into = output == null || output.endsWith("/") || names.size() > 1
                || Files.isDirectory(LocalFiles.path(output));
        Run run = new Run(session, batch, Arguments.has(parsed, "--force"));
        for (String name : names) {
            Path place = LocalFiles.path(output == null ? "." : output);
            if (name.endsWith("/")) {
                batch.run("", () -> run.folder(name, place));
            } else {
                batch.run(name, () -> run.file(name, place, into ? lastOf(name) : null));
            }
        }
        return batch.code();
    }

    private static ExitCode toPipe(String name, Session session) throws ClientException {
        Download.Done done = new Download(session.client(), session.progress(), name)
                .into(Download.pipe(session.terminal().bytesOut()));
        if (session.terminal().sees().err()) {
            session.note(Printable.of(name) + "  " + Amount.bytes(done.size()));
        }
        return ExitCode.DONE;
    }

    private static String lastOf(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private record Run(Session session, Batch batch, boolean replace) {

        /** @param nameThere the name in the folder {@code place}; null when {@code place} is the file itself */
        void file(String name, Path place, @Nullable String nameThere) throws ClientException {
            Path target = nameThere == null ? place : LocalFiles.below(place, nameThere);
            if (nameThere != null) {
                LocalFiles.makeFolders(place, target);
            }
            Download.Done done = FileDownload.to(target, name, replace, session.client(), session.progress());
            tell(name, target, done);
        }

        /** Downloads a folder with its own name, as cp -r does. The root has no name. */
        void folder(String name, Path place) throws ClientException {
            String prefix = name.equals("/") ? "" : name;
            int parent = prefix.isEmpty() ? 0 : prefix.lastIndexOf('/', prefix.length() - 2) + 1;
            boolean[] any = new boolean[1];
            session.eachPage(prefix, false, page -> {
                for (Json file : page.get("files").items()) {
                    any[0] = true;
                    String found = file.get("name").text();
                    batch.run(found, () -> file(found, place, below(found, prefix, parent)));
                }
            });
            if (!any[0]) {
                throw new ClientException(ExitCode.NOT_FOUND, "There is nothing in " + Printable.quoted(name)
                        + ". List what there is with ls");
            }
        }

        private static String below(String found, String prefix, int parent) throws ClientException {
            if (!found.startsWith(prefix)) {
                throw new ClientException(ExitCode.FAILED, "The node lists it in " + Printable.quoted(prefix)
                        + ", where it is not");
            }
            return found.substring(parent);
        }

        private static String shown(Path target) {
            return Printable.of(target.normalize().toString());
        }

        private void tell(String name, Path target, Download.@Nullable Done done) {
            if (done == null) {
                session.print(() -> Printable.of(name) + " is there already: " + shown(target),
                        Json.object("name", name, "path", target.toString(), "same", true));
                return;
            }
            String resumed = done.resumedAt() > 0 ? ", resumed at " + Amount.bytes(done.resumedAt()) : "";
            session.print(() -> Printable.of(name) + " -> " + shown(target) + "  " + Amount.bytes(done.size())
                    + resumed,
                    Json.object("name", name, "path", target.toString(), "same", false, "size", done.size(),
                            "sha256", done.sha256(), "resumedAt", done.resumedAt()));
        }
    }
}
