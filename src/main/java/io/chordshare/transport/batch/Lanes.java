package io.chordshare.transport.batch;

import io.chordshare.id.ChordId;
import io.chordshare.register.RegisterRequest.GetDigests;
import io.chordshare.register.RegisterRequest.Promise;
import io.chordshare.register.RegisterRequest.Read;
import io.chordshare.register.RegisterRequest.Write;
import io.chordshare.replication.FileNews;
import io.chordshare.ring.protocol.RingRequest.BroadcastRequest;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.Request;
import io.chordshare.storage.model.Content;
import io.chordshare.transport.batch.AnswerBatch.Answer;
import io.chordshare.transport.batch.MessageBatch.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;

/**
 * The hot messages to peers. Each peer has one {@link Lane} for reads, one for what waits for the peer's disk, and one
 * for news and digests. So a read never waits for a disk, and a write waits for writes alone. Everything else, a ping
 * above all, has connections of its own.
 */
public final class Lanes {

    /** Lanes to more peers than a node talks to regularly. The one unused for longest is dropped first. */
    private static final int MAX_LANES = 2048;
    /** A message without bytes of a file: names have up to 1 KiB. */
    private static final int MESSAGE_BYTES = 2 * 1024;
    /** The number of a view of a slot. */
    private static final int NUMBER_BYTES = 32;
    /** A hash as text. */
    private static final int HASH_BYTES = 70;
    /** A record with a small file in it. */
    private static final int WHOLE_RECORD_BYTES = Content.MAX_INLINE_BYTES + 2 * MESSAGE_BYTES;
    /** Of answers: a node takes 4 MiB at once. */
    private static final int MOST_ANSWER_BYTES = 40 * WHOLE_RECORD_BYTES;
    /** Of requests: a node takes 256 KiB at once. */
    private static final int MOST_REQUEST_BYTES = 240 * 1024;

    private enum Kind {
        READ, WRITE, OTHER;

        static Kind of(Request<?> request) {
            return switch (request) {
                case Read read -> READ;
                case Promise promise -> WRITE;
                case Write write -> WRITE;
                default -> OTHER;
            };
        }
    }

    private record Target(Peer peer, Kind kind) {}

    /** Carries a batch to a peer. */
    @FunctionalInterface
    public interface Carrier {

        /**
         * @return the answer's bytes
         * @throws PeerException when it fails as a whole
         */
        byte[] carry(Peer peer, String mediaType, byte[] batch) throws PeerException;
    }

    private final Carrier carrier;
    private final BoundedMap<Target, Lane<Message, Object>> lanes = BoundedMap.byUse(MAX_LANES);

    public Lanes(Carrier carrier) {
        this.carrier = carrier;
    }

    /** Whether such a message travels with others. One that has the receiver fetch a file takes too long for that. */
    public static boolean take(Request<?> request) {
        return switch (request) {
            case Read read -> true;
            case Promise promise -> true;
            case Write write -> write.sources().isEmpty();
            case GetDigests digests -> true;
            case BroadcastRequest news -> true;
            default -> false;
        };
    }

    /**
     * Sends a message that {@link #take} names.
     *
     * @throws PeerException when the peer does not answer in time, or refuses
     */
    public Object call(Peer peer, Request<?> request, Duration patience) throws PeerException {
        Lane<Message, Object> lane;
        synchronized (lanes) {
            lane = lanes.getOrPut(new Target(peer, Kind.of(request)), this::create);
        }
        return lane.call(Message.of(request), bytes(request), patience);
    }

    private static int bytes(Request<?> request) {
        return switch (request) {
            case Read read -> read.withRecord() ? WHOLE_RECORD_BYTES : MESSAGE_BYTES;
            case Write write -> {
                Content content = write.record().content();
                byte[] inline = content.inline();
                yield MESSAGE_BYTES + (inline == null ? 0 : inline.length)
                        + HASH_BYTES * (content.blocks().size() + content.listBlocks().size());
            }
            case GetDigests digests -> MESSAGE_BYTES + NUMBER_BYTES * digests.slots().size();
            case BroadcastRequest(FileNews news, ChordId _) -> MESSAGE_BYTES * (1 + news.entries().size());
            default -> MESSAGE_BYTES;
        };
    }

    private Lane<Message, Object> create(Target target) {
        int most = target.kind() == Kind.READ ? MOST_ANSWER_BYTES : MOST_REQUEST_BYTES;
        return new Lane<>(messages -> send(target.peer(), messages), most, target.peer().toString());
    }

    private List<Outcome<Object>> send(Peer peer, List<Message> messages) throws PeerException {
        byte[] answer = carrier.carry(peer, BatchFormat.MEDIA_TYPE, BatchFormat.write(new MessageBatch(messages)));
        try {
            List<Answer> answers = BatchFormat.read(answer, AnswerBatch.class).answers();
            List<Outcome<Object>> outcomes = new ArrayList<>(answers.size());
            for (int i = 0; i < answers.size(); i++) {
                Outcome<Object> outcome = answers.get(i).outcome(peer.toString());
                if (i < messages.size() && !outcome.value().map(messages.get(i)::isAnsweredBy).orElse(true)) {
                    throw new PeerException(Reason.NOT_THAT_NODE, peer + " gives the answer to another message");
                }
                outcomes.add(outcome);
            }
            return outcomes;
        } catch (JacksonException e) {
            throw new PeerException(Reason.FAILED, peer + " gives an answer that breaks a rule: "
                    + e.getOriginalMessage(), e);
        }
    }
}
