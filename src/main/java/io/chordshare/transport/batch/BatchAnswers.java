package io.chordshare.transport.batch;

import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.Request;
import io.chordshare.transport.batch.AnswerBatch.Answer;
import io.chordshare.transport.batch.MessageBatch.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.core.JacksonException;

/** Answers batches of peers. */
public final class BatchAnswers {

    /** The media type of a batch and of its answers. */
    public static final String MEDIA_TYPE = BatchFormat.MEDIA_TYPE;

    private final NodeRuntime runtime;
    private final Answering node;

    /**
     * The answers to a batch.
     *
     * @param messages how many they are
     * @param bytes    the answers in CBOR; not a copy
     */
    public record Answered(int messages, byte[] bytes) {}

    /** Answers one request. */
    @FunctionalInterface
    public interface Answering {

        /** @throws PeerException when it cannot be done, with the reason */
        <A> A answer(Request<A> request) throws PeerException;
    }

    public BatchAnswers(NodeRuntime runtime, Answering node) {
        this.runtime = runtime;
        this.node = node;
    }

    /**
     * Answers all messages of a batch.
     *
     * @param batch a {@link MessageBatch} as bytes
     * @throws PeerException when it is none
     */
    public Answered answer(byte[] batch) throws PeerException {
        List<Message> messages;
        try {
            messages = BatchFormat.read(batch, MessageBatch.class).messages();
        } catch (JacksonException e) {
            throw new PeerException(Reason.REFUSED, "cannot be understood: " + e.getOriginalMessage(), e);
        }
        boolean isQuick = messages.size() == 1
                || messages.stream().allMatch(message -> message.read() != null);
        List<Answer> answers = isQuick ? messages.stream().map(this::answer).toList() : answerAtOnce(messages);
        return new Answered(answers.size(), BatchFormat.write(new AnswerBatch(answers)));
    }

    private Answer answer(Message message) {
        return Answer.of(Outcome.of(() -> node.answer(request(message))));
    }

    private static Request<?> request(Message message) throws PeerException {
        try {
            return message.request();
        } catch (IllegalArgumentException e) {
            throw new PeerException(Reason.REFUSED, "cannot be understood: " + e.getMessage(), e);
        }
    }

    /** All at once, so that they share a sync of the disk. */
    private List<Answer> answerAtOnce(List<Message> messages) {
        List<Answer> answers = new ArrayList<>(Collections.nCopies(messages.size(), (Answer) null));
        List<PeerCall<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            int index = i;
            calls.add(() -> {
                Answer answer = answer(messages.get(index));
                synchronized (answers) {
                    answers.set(index, answer);
                }
                return true;
            });
        }
        runtime.gather(calls);
        synchronized (answers) {
            return List.copyOf(answers);
        }
    }
}
