package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.terminal.LineReader;
import io.chordshare.cli.terminal.Printable;
import io.chordshare.cli.transfer.LocalFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code menu}: all commands by number, for people who do not remember their names. Works the same on a terminal and
 * over a pipe: one line per choice, and one line per answer. An error does not end it.
 */
final class MenuCommand implements Command {

    private static final String CHOICES = """

            1  join network
            2  upload file
            3  download file
            4  show finger table
            5  show files
            6  leave
            7  exit""";

    @Override
    public CommandSpec spec() {
        return Arguments.command("menu", "Do all this by number, in a dialogue.",
                "",
                "Over a pipe: one line for each choice and answer, and the exit code is that of the first thing that"
                        + " failed.",
                "", "Example:", "  printf '2\\nnotes.txt\\n\\n5\\n7\\n' | chordshare menu");
    }

    @Override
    public ExitCode run(ParseResult parsed, Session session) throws ClientException {
        Batch batch = new Batch(session);
        Dialogue dialogue = new Dialogue(session, new LineReader(session.terminal().bytesIn()), batch);
        boolean goesOn = true;
        while (goesOn) {
            dialogue.say(CHOICES);
            String choice = dialogue.ask("Your choice:");
            goesOn = choice != null && dialogue.perform(choice.strip());
        }
        return session.terminal().asks() ? ExitCode.DONE : batch.code();
    }

    private record Dialogue(Session session, LineReader lines, Batch batch) {

        /** False when this was the last choice. */
        boolean perform(String choice) {
            switch (choice) {
                case "1" -> batch.run("", this::join);
                case "2" -> batch.run("", this::upload);
                case "3" -> batch.run("", this::download);
                case "4" -> batch.run("", () -> execute(new RingCommand(), "--fingers"));
                case "5" -> batch.run("", () -> execute(new ListCommand(), "--recursive"));
                case "6" -> batch.run("", () -> execute(new LeaveCommand()));
                case "7", "0", "q", "exit", "quit" -> {
                    return false;
                }
                case "" -> say("");
                default -> batch.failed(new ClientException(ExitCode.USAGE, Printable.quoted(choice)
                        + " is no choice: type 1 to 7"));
            }
            return true;
        }

        private void join() throws ClientException {
            String address = answer("Address of a node of the network (host:port):", "");
            if (!address.isEmpty()) {
                execute(new JoinCommand(), "--", address);
            }
        }

        private void upload() throws ClientException {
            String path = answer("File or folder on this machine:", "");
            if (path.isEmpty()) {
                return;
            }
            Path last = LocalFiles.path(path).getFileName();
            String usual = last == null ? "" : last.toString();
            String name = answer("Name in the network [" + Printable.of(usual) + "]:", usual);
            execute(new PutCommand(), "--as=" + name, "--", path);
        }

        private void download() throws ClientException {
            String name = answer("Name in the network:", "");
            if (name.isEmpty()) {
                return;
            }
            String usual = name.endsWith("/") ? "." : name.substring(name.lastIndexOf('/') + 1);
            String path = answer("File on this machine [" + Printable.of(usual) + "]:", usual);
            boolean inTheWay = Files.isRegularFile(LocalFiles.path(path));
            boolean replace = inTheWay && answer("It exists. Replace it? [y/N]", "n").startsWith("y");
            if (!inTheWay || replace) {
                List<String> arguments = new ArrayList<>(replace ? List.of("--force") : List.of());
                arguments.addAll(List.of("--output=" + path, "--", name));
                execute(new GetCommand(), arguments.toArray(String[]::new));
            }
        }

        private void execute(Command command, String... arguments) throws ClientException {
            batch.add(Commands.execute(command, session, arguments));
            session.terminal().out().flush();
        }

        private String answer(String question, String usual) throws ClientException {
            String answer = ask(question);
            return answer == null || answer.isBlank() ? usual : answer.strip();
        }

        @Nullable String ask(String question) throws ClientException {
            session.terminal().out().print(question + " ");
            session.terminal().out().flush();
            String line = lines.next();
            if (!session.terminal().sees().in()) {
                // a pipe echoes nothing, so print question and choice for the reader of the result
                say(line == null ? "" : Printable.of(line));
            }
            return line;
        }

        void say(String text) {
            session.terminal().out().println(text);
        }
    }
}
