package io.chordshare.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A readable file of commands and their outputs (after etcd raft's {@code testdata}): a command, {@code ----}, its
 * output, an empty line. Lines that begin with {@code #} are comments. The last command names a mutant, and its output
 * shows where the mutant goes wrong.
 */
final class GoldenScript {

    private static final String SEPARATOR = "----";
    static final String NO_BREACH = "breaks nothing";
    private static final String MUTANT = "mutant ";

    /** A command; or, when {@code command} is empty, comment lines. */
    private record Block(String command, String content) {}

    private final List<Block> blocks;

    private GoldenScript(List<Block> blocks) {
        this.blocks = blocks;
    }

    static GoldenScript parse(String text) {
        List<Block> blocks = new ArrayList<>();
        for (String part : text.strip().split("\n\\s*\n")) {
            int separator = part.indexOf("\n" + SEPARATOR);
            if (part.startsWith("#")) {
                blocks.add(new Block("", part));
            } else if (separator < 0) {
                blocks.add(new Block(part.strip(), ""));
            } else {
                blocks.add(new Block(part.substring(0, separator).strip(),
                        part.substring(separator + SEPARATOR.length() + 1).strip()));
            }
        }
        return new GoldenScript(blocks);
    }

    /** The same script with the outputs of the current code. */
    String rewritten(String text) throws Exception {
        GoldenRing ring = new GoldenRing();
        List<Block> now = new ArrayList<>();
        for (Block block : blocks) {
            if (block.command().isEmpty()) {
                now.add(block);
            } else if (block.command().startsWith(MUTANT)) {
                Mutant mutant = Mutant.named(block.command().substring(MUTANT.length()));
                String difference = (String) new MutantLoader(mutant).call(GoldenScript.class, "difference", text);
                now.add(new Block(block.command(), difference));
            } else {
                now.add(new Block(block.command(), ring.run(block.command())));
            }
        }
        return now.stream().map(block -> block.command().isEmpty() ? block.content() + "\n"
                : block.command() + "\n" + SEPARATOR + "\n" + block.content() + "\n").collect(Collectors.joining("\n"));
    }

    /**
     * Called on a mutant: the first command with another output, and the first command at which an invariant breaks.
     */
    static String difference(String text) throws Exception {
        GoldenRing ring = new GoldenRing();
        String difference = "";
        for (Block block : parse(text).blocks) {
            if (block.command().isEmpty() || block.command().startsWith(MUTANT)) {
                continue;
            }
            try {
                String output = ring.run(block.command());
                if (difference.isEmpty() && !output.equals(block.content())) {
                    difference = "differs at: " + block.command() + "\n" + output + "\n";
                }
            } catch (SimulationFailure e) {
                return difference + "breaks at: " + block.command() + "\n"
                        + GoldenRing.readable(e.getCause().getMessage());
            }
        }
        return difference + NO_BREACH;
    }
}
