package io.chordshare.transport.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.chordshare.register.RegisterRequest.Digests;
import io.chordshare.register.RegisterRequest.RegisterReply;
import io.chordshare.ring.protocol.RingRequest.Done;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The answers to a {@link MessageBatch}, in its order. */
record AnswerBatch(List<Answer> answers) {

    /** @throws IllegalArgumentException when there are none or too many */
    AnswerBatch {
        if (answers == null || answers.isEmpty() || answers.size() > MessageBatch.MAX_MESSAGES) {
            throw new IllegalArgumentException("1 to " + MessageBatch.MAX_MESSAGES + " answers travel together");
        }
        answers = List.copyOf(answers);
    }

    /**
     * One answer: exactly one of its parts is there, but for {@code why}.
     *
     * @param reply   to a read, a promise or a write
     * @param digests to the question for digests
     * @param done    to a broadcast
     * @param refused the name of the reason
     * @param why     for people
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(@Nullable RegisterReply reply, @Nullable Digests digests, @Nullable Done done,
                  @Nullable String refused, @Nullable String why) {

        /** Problems have details of a few sentences. */
        private static final int MAX_WHY = 4096;

        /** @throws IllegalArgumentException unless it is one answer */
        Answer {
            if (Stream.of(reply, digests, done, refused).filter(Objects::nonNull).count() != 1) {
                throw new IllegalArgumentException("an answer is a reply or a refusal");
            }
            if (why != null && why.length() > MAX_WHY) {
                throw new IllegalArgumentException("a refusal has at most " + MAX_WHY + " characters");
            }
        }

        static Answer of(Outcome<?> outcome) {
            return switch (outcome) {
                case Outcome.Answered<?>(RegisterReply reply) -> new Answer(reply, null, null, null, null);
                case Outcome.Answered<?>(Digests digests) -> new Answer(null, digests, null, null, null);
                case Outcome.Answered<?>(Done done) -> new Answer(null, null, done, null, null);
                case Outcome.Answered<?>(Object other) ->
                        throw new IllegalArgumentException(other.getClass() + " travels alone");
                case Outcome.Failed<?>(PeerException refusal) -> new Answer(null, null, null, refusal.reason().name(),
                        shortened(String.valueOf(refusal.getMessage())));
            };
        }

        private static String shortened(String why) {
            return why.length() <= MAX_WHY ? why : why.substring(0, MAX_WHY);
        }

        /** @param peer who answered, for people */
        Outcome<Object> outcome(String peer) {
            return Stream.<@Nullable Object>of(reply, digests, done).filter(Objects::nonNull).findFirst()
                    .<Outcome<Object>>map(Outcome.Answered::new)
                    .orElseGet(() -> new Outcome.Failed<>(new PeerException(reason(), peer + " answered: " + why)));
        }

        private Reason reason() {
            for (Reason reason : Reason.values()) {
                if (reason.name().equals(refused)) {
                    return reason;
                }
            }
            // a newer version may have reasons that this version does not know
            return Reason.FAILED;
        }
    }
}
