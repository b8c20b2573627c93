package io.chordshare.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The commands of a Markdown document. */
final class ShellBlocks {

    private static final Pattern FENCED = Pattern.compile("(?ms)^```([^\\n]*)\\n(.*?)^```$");
    private static final Pattern MACHINE = Pattern.compile("# on (\\S+)");
    private static final Pattern COMMENT = Pattern.compile("\\s+# .*$");
    /** Between backticks in a sentence, and meant to be typed. */
    private static final Pattern INLINE =
            Pattern.compile("`((?:mvn|java|curl|docker|docker-compose|npx|npm|chordshare|kill|apt-get|git) [^`]+)`");

    private final String markdown;

    ShellBlocks(String markdown) {
        this.markdown = markdown;
    }

    /**
     * One command of a fenced block.
     *
     * @param machine where the first line of its block says that it is for, as in {@code # on 192.168.1.7}; else empty
     * @param text    as it stands there, without the comment at its end
     */
    record Command(String machine, String text) {

        /** A node that runs until somebody stops it: what follows is meant for another terminal. */
        boolean startsNode() {
            return text.equals("mvn spring-boot:run") || text.matches("java -jar \\S*chordshare\\.jar( --.*)?");
        }
    }

    /** In the document's order. A command that goes on in the next line is one. */
    List<Command> commands() {
        List<Command> commands = new ArrayList<>();
        for (MatchResult block : FENCED.matcher(markdown).results().toList()) {
            String machine = "";
            for (String line : block.group(2).replaceAll("\\\\\\n\\s*", "").split("\n")) {
                var on = MACHINE.matcher(line);
                if (on.matches()) {
                    machine = on.group(1);
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    commands.add(new Command(machine, COMMENT.matcher(line).replaceFirst("").strip()));
                }
            }
        }
        return commands;
    }

    /** What the fenced blocks are said to be. */
    List<String> languages() {
        return FENCED.matcher(markdown).results().map(block -> block.group(1)).toList();
    }

    List<String> inSentences() {
        return INLINE.matcher(FENCED.matcher(markdown).replaceAll("")).results().map(span -> span.group(1)).toList();
    }
}
