package io.chordshare.transport;

/** The headers of messages between nodes. */
final class PeerHeaders {

    /** The id of the intended receiver: addresses get reused, ids do not. */
    static final String TO = "Chordshare-To";
    /** The ids of the sender's ring, its name first. Absent while the sender joins. */
    static final String RING = "Chordshare-Ring";
    /** The protocol version of the sender. */
    static final String PROTOCOL = "Chordshare-Protocol";
    /** In an answer: the id of the node that answers. */
    public static final String NODE = "Chordshare-Node";
    /** In an error: the reason of the domain. */
    static final String REASON = "Chordshare-Reason";

    /** The protocol of this version. A node also understands the previous one. */
    static final int PROTOCOL_VERSION = 3;

    private PeerHeaders() {}
}
