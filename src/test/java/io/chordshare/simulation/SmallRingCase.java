package io.chordshare.simulation;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A ring of a few nodes in which everything happens in every order: one node founds it, and the others join at any
 * time.
 *
 * @param nodes    largest number of nodes, founder included
 * @param r        the length of full lists
 * @param failures how many nodes may crash or leave, each once, and only while the protocol's assumptions stay true
 * @param faults   the kinds of failures
 */
record SmallRingCase(int nodes, int r, int failures, Set<Fault> faults) {

    enum Fault {
        CRASH,
        /** After a crash: the same node and disk, as a new process. */
        RESTART,
        LEAVE
    }

    static SmallRingCase of(int nodes, int r, int failures, Fault... faults) {
        return new SmallRingCase(nodes, r, failures, Set.copyOf(Arrays.asList(faults)));
    }

    /** Parses {@link #toString}, because types do not pass between the class loaders of mutants. */
    static SmallRingCase parse(String text) {
        String[] words = text.split("[^A-Z0-9]+");
        return of(Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2]),
                Arrays.stream(words).skip(3).map(Fault::valueOf).toArray(Fault[]::new));
    }

    boolean allows(Fault fault) {
        return faults.contains(fault);
    }

    @Override
    public String toString() {
        return nodes + " nodes, r=" + r + ", failures: " + failures + Stream.of(Fault.values()).filter(faults::contains)
                .map(fault -> " " + fault).collect(Collectors.joining());
    }
}
