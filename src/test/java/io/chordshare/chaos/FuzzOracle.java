package io.chordshare.chaos;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The rules for all answers and logs, for any request. */
final class FuzzOracle {

    private static final Pattern STACK = Pattern.compile("(?m)^\\s+at [\\w.$/]+\\(");
    private static final Pattern CLASS = Pattern.compile(
            "\\b(java|javax|jakarta|org|io|tools|com)\\.(lang|util|io|net|nio|servlet|springframework|apache|sqlite"
                    + "|chordshare|jackson|fasterxml|micrometer)\\.[\\w.$]*[A-Z]\\w+");
    /** Names of the machine's own folders. */
    private static final Pattern PATH = Pattern.compile("process-data/|process-image-");
    /** Terminal control characters, or a forged line. */
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]");
    /** The text that requests put after line breaks. */
    private static final Pattern MADE_UP = Pattern.compile("(?im)^X-Injected");
    /** These requests wait for other nodes, or never end. */
    private static final List<String> SLOW = List.of("/ring/join", "/ring/leave", "/ring/recover", "/events",
            "/ring/nodes", "/ring/lookup", "/locations");
    /** The answer may be lost when the server closes the connection before it has read the whole request. */
    private static final int LARGE = 64 * 1024;

    private FuzzOracle() {}

    /** The problem of an answer, if any. */
    static Optional<String> problem(FuzzRequest request, FuzzClient.Answer answer) {
        if (answer.status() == 500) {
            return Optional.of("500");
        }
        if (answer.status() == 0) {
            boolean excused = !request.proper() || SLOW.stream().anyMatch(request.target()::startsWith)
                    || request.bytes("").length > LARGE;
            return excused ? Optional.empty() : Optional.of("no answer: " + answer.cut());
        }
        if (MADE_UP.matcher(answer.head()).find()) {
            return Optional.of("a header that the request made up");
        }
        if (STACK.matcher(answer.body()).find()) {
            return Optional.of("a stack");
        }
        boolean isProblem = answer.status() >= 400 || answer.head().contains("problem+json");
        if (isProblem && CLASS.matcher(answer.body()).find()) {
            return Optional.of("names what the program is made of");
        }
        return isProblem && PATH.matcher(answer.body()).find() ? Optional.of("names a folder of the machine")
                : Optional.empty();
    }

    /** The problem of a node's log, if any. */
    static Optional<String> problemOfLog(String log) {
        for (Pattern wrong : List.of(STACK, CONTROL, MADE_UP)) {
            var found = wrong.matcher(log);
            if (found.find()) {
                return Optional.of("..." + log.substring(Math.max(0, found.start() - 1200), Math.min(log.length(),
                        found.end() + 400)) + "...");
            }
        }
        return log.contains("OutOfMemoryError") ? Optional.of("out of memory") : Optional.empty();
    }
}
