package io.chordshare.peer;

import io.chordshare.ring.PeerException;
import io.chordshare.ring.PeerException.Reason;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.RingState;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Before anything else about a peer's message: is it meant for this node, from a node of this ring, in a protocol that we
 * speak? Addresses get reused, so an address alone proves nothing.
 */
final class PeerCheck implements HandlerInterceptor {

    private static final String PING = "/peer/ping";
    private static final String BLOCKS = "/peer/blocks/";

    private final RingNode ring;

    PeerCheck(RingNode ring) {
        this.ring = ring;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws PeerRefusal {
        RingState state = ring.state();
        // whatever goes wrong from here on, it was a node that answered
        response.setHeader(PeerHeaders.NODE, state.self().id().toString());
        String to = request.getHeader(PeerHeaders.TO);
        if (to != null && !to.equals(state.self().id().toString())) {
            throw refuse(Reason.NOT_THAT_NODE, "this is node " + state.self().id() + ", not " + to);
        }
        String protocol = request.getHeader(PeerHeaders.PROTOCOL);
        if (protocol != null && !isUnderstood(protocol)) {
            throw refuse(Reason.REFUSED, "this node speaks protocol " + PeerHeaders.PROTOCOL_VERSION
                    + " and the one before, not " + protocol);
        }
        String theirs = request.getHeader(PeerHeaders.RING);
        if (theirs != null && !theirs.equals(state.ringId()) && !mayCrossRings(request)) {
            throw refuse(Reason.WRONG_RING, "this node is in ring " + state.ringId() + ", not in " + theirs);
        }
        return true;
    }

    /** A ping: that is how one finds out. A block: its name is its hash, and whoever just left may be sending it on. */
    private static boolean mayCrossRings(HttpServletRequest request) {
        String uri = request.getRequestURI();
        return uri.equals(PING) || (request.getMethod().equals("GET") && uri.startsWith(BLOCKS));
    }

    private static boolean isUnderstood(String protocol) {
        try {
            int number = Integer.parseInt(protocol);
            // a newer node falls back to ours by itself; an older one than the one before is too old
            return number >= PeerHeaders.PROTOCOL_VERSION - 1 && number <= PeerHeaders.PROTOCOL_VERSION + 1;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static PeerRefusal refuse(Reason reason, String message) {
        return new PeerRefusal(new PeerException(reason, message));
    }
}
