package io.chordshare.cli;

import io.chordshare.cli.command.Command;
import io.chordshare.cli.command.Commands;
import io.chordshare.cli.command.Session;
import io.chordshare.cli.http.NodeAddress;
import io.chordshare.cli.http.NodeClient;
import io.chordshare.cli.terminal.Printable;
import io.chordshare.cli.terminal.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;

/** The terminal client as a program. */
public final class TerminalClient {

    private TerminalClient() {}

    /** Whether these arguments are for the client, and not for a node to start. */
    public static boolean isMeantBy(String[] arguments) {
        return arguments.length > 0 && Commands.isFirstArgument(arguments[0]);
    }

    /** Runs a command on the terminal of this process. Returns the exit code. */
    public static int run(String[] arguments) {
        Terminal terminal = Terminal.ofTheProcess();
        ExitCode code = run(List.of(arguments), terminal, (time, why) -> {
            terminal.err().println("chordshare: " + why + " Again in " + Math.max(1, time.toSeconds()) + " s");
            sleep(time);
        });
        terminal.out().flush();
        if (terminal.out().checkError() && code == ExitCode.DONE) {
            // the reader of the pipe has ended, such as head or less
            return ExitCode.FAILED.number();
        }
        return code.number();
    }

    private static void sleep(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
        }
    }

    static ExitCode run(List<String> arguments, Terminal terminal, NodeClient.Pause pause) {
        CommandLine line = Commands.commandLine(arguments);
        try {
            requireReadable(arguments);
            ParseResult parsed = line.parseArgs(arguments.toArray(String[]::new));
            ParseResult sub = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
            CommandLine asked = sub.commandSpec().commandLine();
            if (sub.isUsageHelpRequested() || parsed.isUsageHelpRequested()) {
                terminal.out().print(asked.getUsageMessage());
                return ExitCode.DONE;
            }
            if (parsed.isVersionHelpRequested()) {
                asked.printVersionHelp(terminal.out());
                return ExitCode.DONE;
            }
            if (sub == parsed) {
                throw new ClientException(ExitCode.USAGE, "What to do? chordshare --help lists the commands");
            }
            return perform(parsed, sub, terminal, pause);
        } catch (ParameterException e) {
            return explain(e, terminal);
        } catch (ClientException e) {
            terminal.err().println("chordshare: " + e.text());
            return e.code();
        }
    }

    private static ExitCode perform(ParseResult parsed, ParseResult sub, Terminal terminal, NodeClient.Pause pause)
            throws ClientException {
        // both options may stand before the command or after it
        String node = sub.matchedOptionValue(Commands.NODE, parsed.matchedOptionValue(Commands.NODE, (String) null));
        boolean json = sub.matchedOptionValue(Commands.JSON, Boolean.FALSE)
                || parsed.matchedOptionValue(Commands.JSON, Boolean.FALSE);
        Session session = new Session(new NodeClient(NodeAddress.of(node, terminal), pause), terminal, json);
        Map<String, Command> all = Commands.all();
        try {
            return all.get(sub.commandSpec().name()).run(sub, session);
        } catch (ClientException e) {
            terminal.out().flush();
            session.problem(e);
            return e.code();
        }
    }

    /** Refuses arguments that the system could not decode for Java: the command would use another name. */
    private static void requireReadable(List<String> arguments) throws ClientException {
        for (String argument : arguments) {
            if (argument.indexOf('\uFFFD') >= 0) {
                throw new ClientException(ExitCode.USAGE, Printable.quoted(argument)
                        + " has letters that this terminal's locale cannot"
                        + " express. Try again with LC_ALL=C.UTF-8");
            }
        }
    }

    private static ExitCode explain(ParameterException e, Terminal terminal) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        terminal.err().println("chordshare: " + Printable.of(String.valueOf(e.getMessage())));
        if (e instanceof UnmatchedArgumentException unmatched) {
            List<String> near = unmatched.getSuggestions();
            if (!near.isEmpty()) {
                terminal.err().println("Did you mean " + String.join(" or ", near) + "?");
            }
        }
        terminal.err().println("Settings of a node to start are given as --name=value. More: " + command + " --help");
        return ExitCode.USAGE;
    }
}
