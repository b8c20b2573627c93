package io.chordshare.transport.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.chordshare.register.RegisterRequest.RegisterReply;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import java.util.List;
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
     * One answer: a reply, or why there is none.
     *
     * @param refused the name of the reason
     * @param why     for people
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(@Nullable RegisterReply reply, @Nullable String refused, @Nullable String why) {

        /** Problems have details of a few sentences. */
        private static final int MAX_WHY = 4096;

        /** @throws IllegalArgumentException unless it is one of both */
        Answer {
            if ((reply == null) == (refused == null)) {
                throw new IllegalArgumentException("an answer is a reply or a refusal");
            }
            if (why != null && why.length() > MAX_WHY) {
                throw new IllegalArgumentException("a refusal has at most " + MAX_WHY + " characters");
            }
        }

        static Answer of(Outcome<RegisterReply> outcome) {
            return switch (outcome) {
                case Outcome.Answered<RegisterReply>(RegisterReply reply) -> new Answer(reply, null, null);
                case Outcome.Failed<RegisterReply>(PeerException refusal) -> new Answer(null, refusal.reason().name(),
                        shortened(String.valueOf(refusal.getMessage())));
            };
        }

        private static String shortened(String why) {
            return why.length() <= MAX_WHY ? why : why.substring(0, MAX_WHY);
        }

        /** @param peer who answered, for people */
        Outcome<RegisterReply> outcome(String peer) {
            return reply != null ? new Outcome.Answered<>(reply)
                    : new Outcome.Failed<>(new PeerException(reason(), peer + " answered: " + why));
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
