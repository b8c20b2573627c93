package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.http.NodeAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine;

/** All commands, and the options that they share. */
public final class Commands {

    /** The name of the client in examples and completion. */
    static final String NAME = "chordshare";

    public static final String NODE = "--node";
    public static final String JSON = "--json";

    private static final Set<String> BEFORE_A_COMMAND = Set.of("-h", "--help", "-V", "--version", NODE, JSON);

    /**
     * Option types that no command uses. Without this, picocli would load them all, from modules that nothing else
     * needs.
     */
    private static final String UNUSED_TYPES = "java\\.(sql|time)\\..*";

    private Commands() {}

    public static Map<String, Command> all() {
        Map<String, Command> all = new LinkedHashMap<>();
        all.put("put", new PutCommand());
        all.put("get", new GetCommand());
        all.put("ls", new ListCommand());
        all.put("rm", new RemoveCommand());
        all.put("where", new WhereCommand());
        all.put("ring", new RingCommand());
        all.put("join", new JoinCommand());
        all.put("leave", new LeaveCommand());
        all.put("menu", new MenuCommand());
        all.put("completion", new CompletionCommand());
        return all;
    }

    /** Whether this is a first argument for the client. Nodes have only settings, and none of them looks like this. */
    public static boolean isFirstArgument(String argument) {
        return !argument.startsWith("-") || BEFORE_A_COMMAND.contains(argument) || argument.startsWith(NODE + "=");
    }

    /** With all commands. */
    public static CommandLine commandLine() {
        return commandLine(all());
    }

    /** With only the commands that the arguments can mean, when that is clear, because each declaration costs time. */
    public static CommandLine commandLine(List<String> arguments) {
        Map<String, Command> all = all();
        for (String argument : arguments) {
            Command named = all.get(argument);
            if (named != null) {
                return commandLine(Map.of(argument, named));
            }
            if (argument.equals("-h") || argument.equals("--help")) {
                break;
            }
        }
        return commandLine(all);
    }

    private static CommandLine commandLine(Map<String, Command> commands) {
        System.setProperty("picocli.converters.excludes", UNUSED_TYPES);
        CommandSpec top = CommandSpec.create().name(NAME);
        top.addOption(everywhere(OptionSpec.builder(NODE).type(String.class).paramLabel("ADDRESS")
                .description("The node that is asked (" + NodeAddress.VARIABLE + ", or " + NodeAddress.DEFAULT
                        + ").")));
        top.addOption(everywhere(OptionSpec.builder(JSON).type(boolean.class)
                .description("Results and errors as JSON, one object in a line.")));
        top.addOption(OptionSpec.builder("-h", "--help").usageHelp(true).type(boolean.class)
                .description("Show this help; with a command, its own.").build());
        top.addOption(OptionSpec.builder("-V", "--version").versionHelp(true).type(boolean.class)
                .description("Show the version.").build());
        top.version(NAME + " " + version());
        top.usageMessage().description("Uses a node of a Chordshare network, or starts one.").footer(NodeHelp.lines())
                .synopsisSubcommandLabel("COMMAND").sortOptions(false);
        CommandLine line = new CommandLine(top);
        for (Map.Entry<String, Command> command : commands.entrySet()) {
            line.addSubcommand(command.getKey(), command.getValue().spec());
        }
        return settled(line);
    }

    private static OptionSpec everywhere(OptionSpec.Builder option) {
        return option.scopeType(ScopeType.INHERIT).build();
    }

    /** Takes arguments literally, because names may begin with @ and contain quotes. */
    private static CommandLine settled(CommandLine line) {
        return line.setExpandAtFiles(false).setTrimQuotes(false).setUsageHelpAutoWidth(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    }

    /** Runs one command inside a program that already runs. */
    static ExitCode execute(Command command, Session session, String... arguments) throws ClientException {
        ParseResult parsed = settled(new CommandLine(command.spec())).parseArgs(arguments);
        return command.run(parsed, session);
    }

    private static String version() {
        @Nullable String version = Commands.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
