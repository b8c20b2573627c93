package io.chordshare.transport.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.chordshare.register.RegisterRequest;
import io.chordshare.register.RegisterRequest.Promise;
import io.chordshare.register.RegisterRequest.Read;
import io.chordshare.register.RegisterRequest.RegisterReply;
import io.chordshare.register.RegisterRequest.Write;
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
    public record Message(@Nullable Read read, @Nullable Promise promise, @Nullable Write write) {

        /** @throws IllegalArgumentException unless it is one message */
        public Message {
            if (Stream.of(read != null, promise != null, write != null).filter(there -> there).count() != 1) {
                throw new IllegalArgumentException("a message is a read, a promise or a write");
            }
        }

        static Message of(RegisterRequest<RegisterReply> request) {
            return switch (request) {
                case Read read -> new Message(read, null, null);
                case Promise promise -> new Message(null, promise, null);
                case Write write -> new Message(null, null, write);
                default -> throw new IllegalArgumentException(request.getClass() + " travels alone");
            };
        }

        /** What is asked. */
        RegisterRequest<RegisterReply> request() {
            if (read != null) {
                return read;
            }
            return promise != null ? promise : Objects.requireNonNull(write);
        }
    }
}
