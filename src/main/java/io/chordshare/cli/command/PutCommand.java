package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.http.Json;
import io.chordshare.cli.terminal.Printable;
import io.chordshare.cli.transfer.Amount;
import io.chordshare.cli.transfer.LocalFiles;
import io.chordshare.cli.transfer.Upload;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code put}: uploads files, folders and pipes. */
final class PutCommand implements Command {

    private static final String PIPE = "-";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Arguments.command("put", "Upload files and folders, or a pipe.",
                "",
                "A file is called by its own name in the network, or below --into; a folder takes its folders along."
                        + " An upload that is broken off stores nothing. Symbolic links in folders are left out.",
                "", "Examples:", "  put report.pdf photos", "  put --into=backup/monday src",
                        "  tar c src | put - --as=src.tar");
        spec.addPositional(Arguments.several("PATH", "A file, a folder, or - for standard input."));
        spec.addOption(Arguments.option("--as", "NAME",
                "Name in the network, of the one file or folder that is given."));
        spec.addOption(Arguments.option("--into", "FOLDER", "Folder of the network that everything goes into."));
        spec.addOption(Arguments.option("--copies", "N|all", "On how many nodes; all is what a node does by itself."));
        spec.addOption(Arguments.flag("--new", "Only if there is no such file yet (else exit code 5)."));
        return spec;
    }

    @Override
    public ExitCode run(ParseResult parsed, Session session) throws ClientException {
        List<String> paths = Arguments.values(parsed);
        String as = Arguments.value(parsed, "--as");
        String into = Arguments.value(parsed, "--into");
        if (as != null && paths.size() > 1) {
            throw new ClientException(ExitCode.USAGE, "--as names one file: give one, or use --into");
        }
        Upload.Wishes wishes = new Upload.Wishes(Arguments.value(parsed, "--copies"), Arguments.has(parsed, "--new"));
        Run run = new Run(session, new Batch(session), wishes);
        for (String text : paths) {
            run.batch().run("", () -> run.path(text, as, into == null ? "" : withSlash(into)));
        }
        return run.batch().code();
    }

    private static String withSlash(String folder) {
        return folder.endsWith("/") ? folder : folder + "/";
    }

    private record Run(Session session, Batch batch, Upload.Wishes wishes) {

        void path(String text, @Nullable String as, String into) throws ClientException {
            if (text.equals(PIPE)) {
                if (as == null) {
                    throw new ClientException(ExitCode.USAGE, "Standard input has no name: give it one with --as=NAME");
                }
                Json stored = new Upload(session.client(), session.progress())
                        .stream(session.terminal().bytesIn(), into + as, wishes);
                tell("standard input", stored);
                return;
            }
            Path path = LocalFiles.path(text);
            if (Files.isDirectory(path)) {
                folder(path, into + (as == null ? nameOfFolder(path) : withSlash(as)));
            } else {
                file(path, into + (as == null ? nameOf(path) : as));
            }
        }

        /** The current folder has no name of its own here, so its content goes to the top. */
        private static String nameOfFolder(Path folder) throws ClientException {
            String name = nameOf(folder.normalize());
            return name.isEmpty() || name.equals("..") ? "" : name + "/";
        }

        private void folder(Path folder, String prefix) throws ClientException {
            try {
                // A link that the user names is meant; a walk that begins at it would only see the link
                Path root = Files.isSymbolicLink(folder) ? folder.toRealPath() : folder;
                Files.walkFileTree(root, new Visitor(root, prefix));
            } catch (IOException e) {
                throw LocalFiles.cannotRead(folder, e);
            }
        }

        private void file(Path path, String name) throws ClientException {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new ClientException(ExitCode.FAILED, LocalFiles.quoted(path)
                        + " is no file. A device or pipe goes through standard input: put - --as=NAME");
            }
            tell(path.toString(), new Upload(session.client(), session.progress()).file(path, name, wishes));
        }

        private void tell(String source, Json stored) {
            session.print(() -> Printable.of(source) + " -> " + Printable.of(stored.get("name").text()) + "  "
                    + Amount.bytes(stored.get("size").number()), stored);
        }

        /** Uploads the files that it visits, and continues after a failure. */
        private final class Visitor extends SimpleFileVisitor<Path> {

            private final Path root;
            private final String prefix;

            Visitor(Path root, String prefix) {
                this.root = root;
                this.prefix = prefix;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    batch.run(path.toString(), () -> file(path, prefix + nameBelow(path)));
                } else {
                    session.note("chordshare: left out: " + LocalFiles.quoted(path) + " is a "
                            + (attributes.isSymbolicLink() ? "symbolic link" : "device or pipe"));
                }
                return session.terminal().out().checkError() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) {
                batch.failed(LocalFiles.cannotRead(path, e));
                return FileVisitResult.CONTINUE;
            }

            private String nameBelow(Path path) throws ClientException {
                StringBuilder name = new StringBuilder();
                for (Path segment : root.relativize(path)) {
                    name.append(name.isEmpty() ? "" : "/").append(nameOf(segment));
                }
                return name.toString();
            }
        }
    }

    private static String nameOf(Path path) throws ClientException {
        Path last = path.getFileName();
        String name = last == null ? "" : last.toString();
        if (name.indexOf('\uFFFD') >= 0) {
            throw new ClientException(ExitCode.FAILED, LocalFiles.quoted(path)
                    + " has letters that this terminal's locale cannot"
                    + " express. Try again with LC_ALL=C.UTF-8, or give it a name with --as");
        }
        return name;
    }
}
