package io.chordshare.peer;

import io.chordshare.replication.DataRequest;
import io.chordshare.ring.Peer;
import io.chordshare.ring.PeerException;
import io.chordshare.ring.PeerException.Reason;
import io.chordshare.ring.Request;
import io.chordshare.ring.RingRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.function.Supplier;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpHeaders;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/** Puts requests on the wire, and turns what can go wrong there into the domain's reasons. */
final class PeerCalls {

    private final PeerClients clients;

    PeerCalls(PeerClients clients) {
        this.clients = clients;
    }

    @SuppressWarnings("unchecked") // each request names the type of its answer
    <A> A call(Peer peer, Request<A> request) throws PeerException {
        PeerApi api = clients.to(peer, PeerTimeouts.of(request));
        return (A) translating(peer.toString(), () -> switch (request) {
            case RingRequest<?> ring -> ring(api, ring);
            case DataRequest<?> data -> data(api, data);
            default -> throw new IllegalArgumentException("no message for " + request.getClass());
        });
    }

    Peer identify(String address) throws PeerException {
        PeerApi api;
        try {
            // a person or a start waits for this, and the node there may be busy with many that join
            api = clients.at(address, PeerTimeouts.RECORD);
        } catch (IllegalArgumentException e) {
            throw new PeerException(Reason.NOT_THAT_NODE, address + " is not an address", e);
        }
        Peer peer = translating(address, api::identify);
        if (peer == null || peer.id() == null || peer.address() == null) {
            throw new PeerException(Reason.NOT_THAT_NODE, address + " answers, but not as a Chordshare node does");
        }
        return peer;
    }

    private static Object ring(PeerApi api, RingRequest<?> request) {
        return switch (request) {
            case RingRequest.Ping ping -> api.ping(ping.from() == null ? null : ping.from().toString(),
                    ping.suspects().isEmpty() ? null : Suspects.format(ping.suspects()));
            case RingRequest.PingFor question -> api.pingFor(question);
            case RingRequest.Meet meet -> api.meet(meet);
            case RingRequest.AskNeighbours ask -> api.neighbours();
            case RingRequest.View view -> api.view();
            case RingRequest.GetPointers question -> api.pointers();
            case RingRequest.Join join -> api.join(join);
            case RingRequest.Notify notice -> api.notify(notice);
            case RingRequest.NextHop hop -> api.nextHop(hop.key().toString());
            case RingRequest.Spread spread -> api.spread(SpreadMessage.of(spread));
        };
    }

    private static Object data(PeerApi api, DataRequest<?> request) {
        return switch (request) {
            case DataRequest.AskStates states -> api.states(states);
            case DataRequest.ReadRecord read -> api.readRecord(read.key());
            case DataRequest.WriteRecord write -> api.writeRecord(write);
            case DataRequest.PutBlock put -> api.putBlock(put.hash().toString(), put.upload(), new Slice(put));
            case DataRequest.GetBlock get -> bytes(api.getBlock(get.hash().toString()));
            case DataRequest.ReleaseUpload release -> api.releaseUpload(release.upload());
            case DataRequest.Compare compare -> api.compare(compare);
            case DataRequest.ReadIndex index -> api.readIndex(index);
        };
    }

    private static byte[] bytes(Resource block) {
        if (block instanceof ByteArrayResource whole) {
            // the very bytes that were received: asking for the content would copy them
            return whole.getByteArray();
        }
        try {
            return block.getContentAsByteArray();
        } catch (IOException e) {
            throw new ResourceAccessException("the block was not received whole", e);
        }
    }

    private static <A> A translating(String peer, Supplier<A> call) throws PeerException {
        try {
            return call.get();
        } catch (RestClientResponseException e) {
            Reason reason = reasonOf(e);
            // what a stranger answers is nothing to repeat
            String words = reason == Reason.NOT_THAT_NODE ? "" : ": " + e.getResponseBodyAsString();
            throw new PeerException(reason, peer + " answered " + e.getStatusCode().value() + words, e);
        } catch (ResourceAccessException e) {
            throw new PeerException(Reason.NO_ANSWER, peer + " does not answer: " + why(e), e);
        } catch (RestClientException e) {
            if (e.contains(IOException.class)) {
                throw new PeerException(Reason.NO_ANSWER, peer + " did not finish its answer: " + why(e), e);
            }
            // it answered with something that cannot be read as the answer to our question
            throw new PeerException(Reason.NOT_THAT_NODE, peer + " answers, but not as a Chordshare node does", e);
        } catch (IllegalArgumentException e) {
            throw new PeerException(Reason.NOT_THAT_NODE, peer + " cannot be asked: " + e.getMessage(), e);
        }
    }

    /** In words that users may read: no names of classes. */
    private static String why(RestClientException e) {
        return switch (e.getMostSpecificCause()) {
            case HttpTimeoutException timeout -> "it takes too long";
            case UnresolvedAddressException unknown -> "its host is unknown";
            case UnknownHostException unknown -> "its host is unknown";
            case ConnectException refused -> "no connection";
            case ClosedChannelException refused -> "no connection";
            default -> "the connection broke";
        };
    }

    private static Reason reasonOf(RestClientResponseException e) {
        HttpHeaders headers = e.getResponseHeaders() == null ? HttpHeaders.EMPTY : e.getResponseHeaders();
        String named = headers.getFirst(PeerHeaders.REASON);
        if (named == null) {
            return headers.containsHeader(PeerHeaders.NODE) ? Reason.FAILED : Reason.NOT_THAT_NODE;
        }
        try {
            return Reason.valueOf(named);
        } catch (IllegalArgumentException unknown) {
            // a newer version may have reasons that this one does not know
            return Reason.FAILED;
        }
    }

    /** A part of an upload's buffer. Its length is known, so it travels without chunks. */
    private static final class Slice extends InputStreamResource {

        private final int length;

        private Slice(DataRequest.PutBlock put) {
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
