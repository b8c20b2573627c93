package io.chordshare.cli.command;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Declares options and arguments of a command in one line each, and reads them. */
public final class Arguments {

    private Arguments() {}

    /** @param summary the line in the list of commands @param more further text for the command's own help */
    static CommandSpec command(String name, String summary, String... more) {
        CommandSpec spec = CommandSpec.create().name(name);
        spec.usageMessage().description(summary).footer(more).sortOptions(false).abbreviateSynopsis(false);
        spec.addOption(OptionSpec.builder("-h", "--help").usageHelp(true).type(boolean.class)
                .description("Show this help.").build());
        return spec;
    }

    static OptionSpec flag(String[] names, String description) {
        return OptionSpec.builder(names).type(boolean.class).arity("0").description(description).build();
    }

    static OptionSpec flag(String name, String description) {
        return flag(new String[] {name}, description);
    }

    public static OptionSpec option(String name, String label, String description) {
        return option(new String[] {name}, label, description);
    }

    public static OptionSpec option(String[] names, String label, String description) {
        return OptionSpec.builder(names).type(String.class).paramLabel(label).description(description).build();
    }

    static PositionalParamSpec several(String label, String description) {
        return PositionalParamSpec.builder().index("0..*").arity("1..*").required(true).type(String[].class)
                .paramLabel(label)
                .description(description).build();
    }

    static PositionalParamSpec one(String label, String description) {
        return PositionalParamSpec.builder().index("0").arity("1").required(true).type(String.class).paramLabel(label)
                .description(description).build();
    }

    static PositionalParamSpec atMostOne(String label, String description) {
        return PositionalParamSpec.builder().index("0").arity("0..1").type(String.class).paramLabel(label)
                .description(description).build();
    }

    static boolean has(ParseResult parsed, String option) {
        return parsed.matchedOptionValue(option, Boolean.FALSE);
    }

    public static @Nullable String value(ParseResult parsed, String option) {
        return parsed.matchedOptionValue(option, (String) null);
    }

    static List<String> values(ParseResult parsed) {
        return List.of(parsed.matchedPositionalValue(0, new String[0]));
    }

    public static String value(ParseResult parsed) {
        return parsed.matchedPositionalValue(0, "");
    }
}
