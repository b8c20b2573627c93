package io.chordshare.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.simulation.SmallRingCase.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rings of up to four nodes, in which everything happens in every order. The invariants hold in every reachable state,
 * and from each state all pointers become right once nothing fails any more. docs/protocol.md, "Small rings", explains
 * states and steps, and why small rings need this.
 */
@Execution(ExecutionMode.CONCURRENT)
class ExhaustiveRingTest {

    private static final Path TRACES = Path.of("src/test/resources/shortest");
    private static final boolean REWRITE = "rewrite".equals(System.getProperty("chordshare.golden"));

    static Stream<SmallRingCase> rings() {
        return Stream.of(
                SmallRingCase.of(2, 1, 1, Fault.values()),
                SmallRingCase.of(2, 2, 1, Fault.values()),
                SmallRingCase.of(3, 1, 1, Fault.values()),
                SmallRingCase.of(3, 2, 1, Fault.values()),
                SmallRingCase.of(3, 3, 1, Fault.values()),
                SmallRingCase.of(4, 1, 2, Fault.values()),
                SmallRingCase.of(4, 2, 1, Fault.values()),
                SmallRingCase.of(4, 2, 2, Fault.CRASH, Fault.LEAVE),
                SmallRingCase.of(4, 3, 1, Fault.values()),
                SmallRingCase.of(4, 3, 2, Fault.CRASH, Fault.LEAVE));
    }

    @ParameterizedTest
    @MethodSource("rings")
    void whatever_happens_first_no_invariant_breaks_and_every_pointer_becomes_right(SmallRingCase ring) {
        System.out.println(SmallRingSearch.visitAll(ring));
    }

    static List<Mutant> mutants() {
        return Mutant.all().stream().filter(mutant -> mutant.has("small ring")).toList();
    }

    /**
     * The search visits shorter paths first, so the path is a shortest one. It is kept for reading. The test above
     * shows that the correct code has no such path, because it covers everything that may happen here.
     */
    @ParameterizedTest
    @MethodSource("mutants")
    void a_mistake_is_found_on_the_path_as_written(Mutant mutant) throws IOException {
        SmallRingCase ring = SmallRingCase.parse(mutant.setting("small ring"));
        String breach = (String) new MutantLoader(mutant).call(SmallRingSearch.class, "breach", ring.toString());
        Path trace = TRACES.resolve(mutant.name() + ".txt");
        String found = ring + "\n\n" + breach;
        if (REWRITE) {
            Files.writeString(trace, found);
        }
        assertThat(breach).startsWith("invariant " + mutant.setting("small ring breaks") + " ");
        assertThat(found).isEqualTo(Files.readString(trace));
    }
}
