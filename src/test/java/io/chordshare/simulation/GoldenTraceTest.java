package io.chordshare.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For each mutant, the shortest script that shows its mistake step by step. After an intended change, rewrite the
 * outputs with {@code mvn test -Dtest=GoldenTraceTest -Dchordshare.golden=rewrite} and review the diff.
 */
class GoldenTraceTest {

    private static final Path TRACES = Path.of("src/test/resources/golden");

    private static final boolean REWRITE = "rewrite".equals(System.getProperty("chordshare.golden"));

    static List<Path> traces() throws IOException {
        try (Stream<Path> files = Files.list(TRACES)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("traces")
    void it_happens_as_written_and_the_mutant_goes_wrong_where_it_should(Path trace) throws Exception {
        String text = Files.readString(trace);
        GoldenScript script = GoldenScript.parse(text);
        String now = script.rewritten(text);
        if (REWRITE) {
            // the mutant is compared with the correct code, so the correct outputs must be written first
            now = GoldenScript.parse(now).rewritten(now);
            Files.writeString(trace, now);
            text = now;
        }
        assertThat(now).isEqualTo(text);
        assertThat(now.lines()).as("a mutant that no oracle notices").doesNotContain(GoldenScript.NO_BREACH);
    }

    @ParameterizedTest
    @MethodSource("io.chordshare.simulation.MutantTest#mutants")
    void every_mutant_that_needs_no_special_order_has_a_trace(Mutant mutant) {
        assertThat(TRACES.resolve(mutant.name() + ".txt")).exists();
    }
}
