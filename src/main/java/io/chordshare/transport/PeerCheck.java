package io.chordshare.transport;

import io.chordshare.id.ChordId;
import io.chordshare.ring.RingNode;
import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.PeerException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Checks each message of a peer first: is it meant for this node, does it come from this ring, and does it use a
 * protocol version that this node speaks? Addresses get reused, so an address alone does not identify a node.
 */
public final class PeerCheck implements HandlerInterceptor {

    private static final String PING = "/peer/ping";
    private static final String BLOCKS = "/peer/blocks/";

    private final RingNode ring;

    public PeerCheck(RingNode ring) {
        this.ring = ring;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws PeerRefusal {
        try {
            check(request, response);
        } catch (PeerException e) {
            throw new PeerRefusal(e);
        }
        return true;
    }

    /**
     * Checks a message, and says in the answer which node answers.
     *
     * @throws PeerException when it is not for this node
     */
    void check(HttpServletRequest request, HttpServletResponse response) throws PeerException {
        // whatever fails from here on, the caller learns that a node answered
        response.setHeader(PeerHeaders.NODE, ring.state().self().id().toString());
        String protocol = request.getHeader(PeerHeaders.PROTOCOL);
        if (protocol != null && !isUnderstood(protocol)) {
            throw new PeerException(Reason.REFUSED, "this node speaks protocol "
                    + PeerHeaders.PROTOCOL_VERSION + " and the one before, not " + protocol);
        }
        ring.check(envelope(request), mayCrossRings(request));
    }

    private static Envelope envelope(HttpServletRequest request) throws PeerException {
        ChordId to = id(request.getHeader(PeerHeaders.TO));
        try {
            return new Envelope(to, ringIds(request));
        } catch (IllegalArgumentException e) {
            throw new PeerException(Reason.REFUSED, PeerHeaders.RING + " is wrong: " + e.getMessage(), e);
        }
    }

    private static @Nullable ChordId id(@Nullable String to) throws PeerException {
        try {
            return to == null ? null : ChordId.parse(to);
        } catch (IllegalArgumentException e) {
            throw new PeerException(Reason.NOT_THAT_NODE, "no node has that id: an id has 40 hex digits", e);
        }
    }

    private static List<String> ringIds(HttpServletRequest request) {
        return Collections.list(request.getHeaders(PeerHeaders.RING)).stream()
                .flatMap(line -> Stream.of(line.split(","))).map(String::strip).toList();
    }

    /**
     * True for pings, which tell the rings apart, and for blocks: a hash names a block, and a node that just left may
     * still send it.
     */
    private static boolean mayCrossRings(HttpServletRequest request) {
        String uri = request.getRequestURI();
        return uri.equals(PING) || (request.getMethod().equals("GET") && uri.startsWith(BLOCKS));
    }

    private static boolean isUnderstood(String protocol) {
        try {
            int number = Integer.parseInt(protocol);
            // a newer node falls back to our version; a version before the previous one is too old
            return number >= PeerHeaders.PROTOCOL_VERSION - 1 && number <= PeerHeaders.PROTOCOL_VERSION + 1;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
