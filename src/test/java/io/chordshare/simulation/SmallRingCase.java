package io.chordshare.simulation;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What may happen in a ring of a few nodes, in every order: one of them founds it, and the others join whenever they
 * like.
 *
 * @param nodes    how many there are at most, founder included
 * @param r        the length of full lists
 * @param failures how many nodes may crash or leave in all, each once, and only while what the protocol presumes stays
 *                 true
 * @param faults   in which ways
 */
record SmallRingCase(int nodes, int r, int failures, Set<Fault> faults) {

    enum Fault {
        CRASH,
        /** After a crash: the same node, with its disk, as a new process. */
        RESTART,
        LEAVE
    }

    static SmallRingCase of(int nodes, int r, int failures, Fault... faults) {
        return new SmallRingCase(nodes, r, failures, Set.copyOf(Arrays.asList(faults)));
    }

    /** Of its {@link #toString}: types do not pass between the class loaders of mutants. */
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
