package io.chordshare.transport.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.chordshare.register.RegisterRequest.Digests;
import io.chordshare.register.RegisterRequest.GetDigests;
import io.chordshare.register.RegisterRequest.Promise;
import io.chordshare.register.RegisterRequest.Read;
import io.chordshare.register.RegisterRequest.RegisterReply;
import io.chordshare.register.RegisterRequest.Write;
import io.chordshare.ring.protocol.RingRequest.BroadcastRequest;
import io.chordshare.ring.protocol.RingRequest.Done;
import io.chordshare.runtime.Request;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Messages to one node that travel together. Each has an outcome of its own. */
public record MessageBatch(List<Message> messages) {

    /** Limit of messages that travel together. */
    static final int MAX_MESSAGES = 64;

    /** @throws IllegalArgumentException when there are too many, or none */
    public MessageBatch {
        if (messages == null || messages.isEmpty() || messages.size() > MAX_MESSAGES) {
            throw new IllegalArgumentException("1 to " + MAX_MESSAGES + " messages travel together");
        }
        messages = List.copyOf(messages);
    }

    /** One message: exactly one of its parts is there. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Message(@Nullable Read read, @Nullable Promise promise, @Nullable Write write,
                          @Nullable GetDigests digests, @Nullable BroadcastMessage broadcast) {

        /** @throws IllegalArgumentException unless it is one message */
        public Message {
            if (Stream.of(read, promise, write, digests, broadcast).filter(Objects::nonNull).count() != 1) {
                throw new IllegalArgumentException("a message is one of those that travel together");
            }
        }

        static Message of(Request<?> request) {
            return switch (request) {
                case Read question -> new Message(question, null, null, null, null);
                case Promise question -> new Message(null, question, null, null, null);
                case Write question -> new Message(null, null, question, null, null);
                case GetDigests question -> new Message(null, null, null, question, null);
                case BroadcastRequest news -> new Message(null, null, null, null, BroadcastMessage.of(news));
                default -> throw new IllegalArgumentException(request.getClass() + " travels alone");
            };
        }

        /** Whether an answer is of the kind that this message has. */
        boolean isAnsweredBy(Object answer) {
            return digests != null ? answer instanceof Digests : broadcast != null ? answer instanceof Done
                    : answer instanceof RegisterReply;
        }

        /** @throws IllegalArgumentException when it is of a kind of a later version */
        Request<?> request() {
            return broadcast != null ? broadcast.toRequest()
                    : Stream.<@Nullable Request<?>>of(read, promise, write, digests).filter(Objects::nonNull)
                            .findFirst().orElseThrow();
        }
    }
}
