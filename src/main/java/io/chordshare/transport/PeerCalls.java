package io.chordshare.transport;

import io.chordshare.placement.PlacementRequest;
import io.chordshare.register.RegisterRequest;
import io.chordshare.replication.ReplicaRequest;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.runtime.NodeAddress;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.Request;
import io.chordshare.transport.batch.BroadcastMessage;
import io.chordshare.transport.batch.Lanes;
import io.chordshare.transport.client.BoundedAnswer;
import io.chordshare.transport.client.BytesAnswer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Sends requests to peers, and maps what can go wrong to the reasons of the domain. */
final class PeerCalls {

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERRORS = 500;

    private final PeerClients clients;
    private final Lanes lanes = new Lanes(this::carry);
    private final Handshakes handshakes = new Handshakes(System::nanoTime);
    private final OlderPeers older = new OlderPeers(System::nanoTime);

    public PeerCalls(PeerClients clients) {
        this.clients = clients;
    }

    @SuppressWarnings("unchecked") // each request names the type of its answer
    public <A> A call(Peer peer, Request<A> request) throws PeerException {
        shakeHands(peer);
        try {
            A answer = (A) (Lanes.take(request) && !older.contains(peer) ? together(peer, request)
                    : alone(peer, request));
            handshakes.heard(peer);
            return answer;
        } catch (PeerException e) {
            if (!e.reason().isAlive()) {
                handshakes.lost(peer);
            }
            throw e;
        }
    }

    private Object alone(Peer peer, Request<?> request) throws PeerException {
        PeerApi api = clients.to(peer, PeerTimeouts.of(request));
        return translating(peer.toString(), whenBroken(request), () -> switch (request) {
            case RingRequest<?> ring -> ring(api, ring);
            case ReplicaRequest<?> data -> data(api, data);
            case PlacementRequest<?> slots -> slots(api, slots);
            case RegisterRequest<?> registers -> registers(api, registers);
            default -> throw new IllegalArgumentException("no message for " + request.getClass());
        });
    }

    private Object together(Peer peer, Request<?> request) throws PeerException {
        try {
            return lanes.call(peer, request, PeerTimeouts.of(request).limit());
        } catch (PeerException e) {
            if (e.getCause() instanceof OlderPeers.TakesNoBatches) {
                older.add(peer);
                return alone(peer, request);
            }
            throw e;
        }
    }

    /** Messages that travel together, to {@code /peer/messages}. */
    private byte[] carry(Peer peer, String mediaType, byte[] batch) throws PeerException {
        BytesAnswer answer;
        try {
            answer = clients.post(peer, MessagesFilter.PATH, mediaType, batch, PeerTimeouts.RECORD);
        } catch (BoundedAnswer.TooLargeException e) {
            throw new PeerException(Reason.NOT_THAT_NODE, peer + " answers too much", e);
        } catch (IOException e) {
            throw new PeerException(Reason.NO_ANSWER, peer + " does not answer: " + why(e), e);
        }
        if (answer.status() == OK) {
            return answer.body();
        }
        String named = answer.header(PeerHeaders.REASON);
        boolean ofNode = answer.header(PeerHeaders.NODE) != null;
        Reason reason = reasonOf(answer.status(), named, ofNode);
        boolean older = ofNode && named == null && answer.status() == NOT_FOUND;
        boolean stranger = reason == Reason.NOT_THAT_NODE || reason == Reason.NO_ANSWER;
        throw new PeerException(reason, peer + " answered " + answer.status()
                + (stranger ? "" : ": " + new String(answer.body(), StandardCharsets.UTF_8)),
                older ? new OlderPeers.TakesNoBatches() : null);
    }

    /** Before any other request to an address, checks that the node is there. */
    private void shakeHands(Peer peer) throws PeerException {
        if (handshakes.isProven(peer)) {
            return;
        }
        Peer there = identify(peer.address(), PeerTimeouts.POINTER);
        if (!there.sameNode(peer)) {
            throw new PeerException(Reason.NOT_THAT_NODE, peer + " is not there: another node answers");
        }
        handshakes.heard(peer);
    }

    public Peer identify(String address) throws PeerException {
        // a person or a start waits for this, and the node may be busy with many joins
        return identify(address, PeerTimeouts.RECORD);
    }

    /**
     * A closed port, a refusal and a stranger give the same message. Otherwise strangers could use this node to scan
     * ports.
     */
    private Peer identify(String address, PeerTimeouts timeout) throws PeerException {
        String words = "no Chordshare node answers at " + address;
        try {
            PeerApi api = clients.at(NodeAddress.parse(address).toString(), timeout);
            return translating(address, Reason.NOT_THAT_NODE, api::identify);
        } catch (PeerException e) {
            throw new PeerException(e.reason(), words, e);
        } catch (IllegalArgumentException e) {
            throw new PeerException(Reason.NOT_THAT_NODE, words, e);
        }
    }

    private static Object ring(PeerApi api, RingRequest<?> request) {
        return switch (request) {
            case RingRequest.Ping ping -> api.ping(ping.from() == null ? null : ping.from().toString(),
                    ping.suspects().isEmpty() ? null : Suspects.format(ping.suspects()));
            case RingRequest.PingReq question -> api.pingReq(question);
            case RingRequest.UnifyRings unify -> api.unifyRings(unify);
            case RingRequest.GetPredecessorAndSuccessors ask -> api.neighbours();
            case RingRequest.GetNeighbours ask -> api.getNeighbours();
            case RingRequest.GetPointers question -> api.pointers();
            case RingRequest.Join join -> api.join(join);
            case RingRequest.Regroup regroup -> api.regroup(regroup);
            case RingRequest.Notify notice -> api.notify(notice);
            case RingRequest.NextHop hop -> api.nextHop(hop.key().toString());
            case RingRequest.BroadcastRequest broadcast -> api.broadcast(BroadcastMessage.of(broadcast));
        };
    }

    private static Object data(PeerApi api, ReplicaRequest<?> request) {
        return switch (request) {
            case ReplicaRequest.AskStates states -> api.states(states);
            case ReplicaRequest.ReadRecord read -> api.readRecord(read.key());
            case ReplicaRequest.PutBlock put -> api.putBlock(put.hash().toString(), put.upload(), new Slice(put));
            case ReplicaRequest.GetBlock get -> bytes(api.getBlock(get.hash().toString()));
            case ReplicaRequest.ReleaseUpload release -> api.releaseUpload(release.upload());
            case ReplicaRequest.ReadIndex index -> api.readIndex(index);
        };
    }

    private static Object slots(PeerApi api, PlacementRequest<?> request) {
        return switch (request) {
            case PlacementRequest.GetSlots message -> api.getSlots(message);
            case PlacementRequest.PrepareViews message -> api.prepareViews(message);
            case PlacementRequest.AcceptViews message -> api.acceptViews(message);
            case PlacementRequest.DecidedViews message -> api.decidedViews(message);
            case PlacementRequest.LearnSlots message -> api.learnSlots(message);
            case PlacementRequest.RecoverViews message -> api.recoverViews(message);
            case PlacementRequest.LeavingNode message -> api.leavingNode(message);
        };
    }

    private static Object registers(PeerApi api, RegisterRequest<?> request) {
        return switch (request) {
            case RegisterRequest.Read message -> api.read(message);
            case RegisterRequest.Promise message -> api.promise(message);
            case RegisterRequest.Write message -> api.write(message);
            case RegisterRequest.GetDigests message -> api.digests(message);
            case RegisterRequest.ListSlot message -> api.listSlot(message);
            case RegisterRequest.GetRegisters message -> api.getRegisters(message);
        };
    }

    private static byte[] bytes(Resource block) {
        if (block instanceof ByteArrayResource whole) {
            // the received bytes without a copy
            return whole.getByteArray();
        }
        try {
            return block.getContentAsByteArray();
        } catch (IOException e) {
            throw new ResourceAccessException("the block was not received whole", e);
        }
    }

    /** A node that answers the ring's own questions with nonsense is useless as a pointer. */
    private static Reason whenBroken(Request<?> request) {
        return request instanceof RingRequest<?> ? Reason.NOT_THAT_NODE : Reason.FAILED;
    }

    /** @param broken the reason to report when an answer breaks the rules of its message */
    private static <A> A translating(String peer, Reason broken, Supplier<A> call) throws PeerException {
        try {
            A answer = call.get();
            if (answer == null) {
                throw new PeerException(Reason.NOT_THAT_NODE,
                        peer + " gives an empty answer, as no Chordshare node does");
            }
            return answer;
        } catch (RestClientResponseException e) {
            Reason reason = reasonOf(e);
            // do not repeat what a stranger answered
            boolean stranger = reason == Reason.NOT_THAT_NODE || reason == Reason.NO_ANSWER;
            String words = stranger ? "" : ": " + e.getResponseBodyAsString();
            throw new PeerException(reason, peer + " answered " + e.getStatusCode().value() + words, e);
        } catch (ResourceAccessException e) {
            if (e.contains(BoundedAnswer.TooLargeException.class)) {
                throw new PeerException(Reason.NOT_THAT_NODE, peer + " answers too much", e);
            }
            throw new PeerException(Reason.NO_ANSWER, peer + " does not answer: " + why(e), e);
        } catch (RestClientException e) {
            if (e.contains(IOException.class) && !e.contains(BoundedAnswer.TooLargeException.class)) {
                throw new PeerException(Reason.NO_ANSWER, peer + " did not finish its answer: " + why(e), e);
            }
            if (broken == Reason.FAILED && e.contains(ValueInstantiationException.class)) {
                // valid JSON, but one bad record says nothing about the node
                throw new PeerException(broken, peer + " gives an answer that breaks a rule: "
                        + e.getMostSpecificCause().getMessage(), e);
            }
            // the answer cannot be read as an answer to the request
            throw new PeerException(Reason.NOT_THAT_NODE, peer + " answers, but not as a Chordshare node does", e);
        } catch (HttpMessageNotWritableException e) {
            // the connection ended while the request was written
            throw new PeerException(Reason.NO_ANSWER, peer + " did not take the request", e);
        } catch (IllegalArgumentException e) {
            throw new PeerException(Reason.NOT_THAT_NODE, peer + " cannot be asked: " + e.getMessage(), e);
        }
    }

    /** For users: without class names. */
    private static String why(RestClientException e) {
        return why(e.getMostSpecificCause());
    }

    private static String why(Throwable cause) {
        return switch (cause) {
            case SocketTimeoutException timeout -> "it takes too long";
            case UnknownHostException unknown -> "its host is unknown";
            case ConnectException refused -> "no connection";
            default -> "the connection broke";
        };
    }

    private static Reason reasonOf(RestClientResponseException e) {
        HttpHeaders headers = e.getResponseHeaders() == null ? HttpHeaders.EMPTY : e.getResponseHeaders();
        return reasonOf(e.getStatusCode().value(), headers.getFirst(PeerHeaders.REASON),
                headers.containsHeader(PeerHeaders.NODE));
    }

    /** @param ofNode whether a node says that it answers */
    private static Reason reasonOf(int status, @Nullable String named, boolean ofNode) {
        if (named == null) {
            // the web server is overloaded and answers before our code: this says nothing about the node's identity
            boolean busy = status >= SERVER_ERRORS || status == TOO_MANY_REQUESTS;
            return ofNode ? Reason.FAILED
                    : busy ? Reason.NO_ANSWER : Reason.NOT_THAT_NODE;
        }
        try {
            return Reason.valueOf(named);
        } catch (IllegalArgumentException unknown) {
            // a newer version may have reasons that this version does not know
            return Reason.FAILED;
        }
    }

    /** A part of an upload's buffer. Its length is known, so it needs no chunked encoding. */
    private static final class Slice extends InputStreamResource {

        private final int length;

        private Slice(ReplicaRequest.PutBlock put) {
            super(new ByteArrayInputStream(put.buffer(), 0, put.length()));
            length = put.length();
        }

        @Override
        public long contentLength() {
            return length;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
