package io.chordshare.cli.http;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.command.Arguments;
import io.chordshare.cli.terminal.Printable;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** How long a command waits for its result. */
public final class Waiting {

    private static final String OPTION = "--wait";
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})(s|m)?");
    /** A node waits no longer in one request. */
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration FOR_THE_ANSWER = Duration.ofSeconds(30);

    private Waiting() {}

    public static OptionSpec option(String usual) {
        return Arguments.option(OPTION, "TIME", "How long to wait until it is done, such as 90s or 5m (" + usual
                + ").");
    }

    public static Duration of(ParseResult parsed, Duration usual) throws ClientException {
        String text = Arguments.value(parsed, OPTION);
        if (text == null) {
            return usual;
        }
        Matcher time = TIME.matcher(text);
        if (time.matches()) {
            long number = Long.parseLong(time.group(1));
            Duration wait = "m".equals(time.group(2)) ? Duration.ofMinutes(number) : Duration.ofSeconds(number);
            if (wait.compareTo(LONGEST) <= 0) {
                return wait;
            }
        }
        throw new ClientException(ExitCode.USAGE, OPTION + " must be 0s to " + LONGEST.toMinutes()
                + "m, such as 90s, not "
                + Printable.quoted(text));
    }

    /** The node answers when {@code wait} is over, and needs a moment for the answer. */
    public static Duration patience(Duration wait) {
        return wait.plus(FOR_THE_ANSWER);
    }
}
