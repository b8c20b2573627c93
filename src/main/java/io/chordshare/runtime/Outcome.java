package io.chordshare.runtime;

import java.util.List;
import java.util.Optional;

/** The result of one of several calls. */
public sealed interface Outcome<T> {

    /** The peer answered. */
    record Answered<T>(T answer) implements Outcome<T> {}

    /** The peer did not answer, or refused. */
    record Failed<T>(PeerException reason) implements Outcome<T> {}

    /** Runs {@code call} and returns its outcome. */
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
