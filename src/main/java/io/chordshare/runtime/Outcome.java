package io.chordshare.runtime;

import java.util.List;
import java.util.Optional;

/** How one of several calls ended. */
public sealed interface Outcome<T> {

    /** It was answered. */
    record Answered<T>(T answer) implements Outcome<T> {}

    /** It was not, or it was refused. */
    record Failed<T>(PeerException reason) implements Outcome<T> {}

    /** Runs {@code call} and says how it ended. */
    static <T> Outcome<T> of(PeerCall<T> call) {
        try {
            return new Answered<>(call.run());
        } catch (PeerException e) {
            return new Failed<>(e);
        }
    }

    default Optional<T> value() {
        return this instanceof Answered<T>(T answer) ? Optional.of(answer) : Optional.empty();
    }

    /** The answers among {@code outcomes}. */
    static <T> List<T> answers(List<Outcome<T>> outcomes) {
        return outcomes.stream().flatMap(outcome -> outcome.value().stream()).toList();
    }
}
