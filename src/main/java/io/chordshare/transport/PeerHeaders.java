package io.chordshare.transport;

/** What every message between nodes carries besides its content. */
public final class PeerHeaders {

    /** The id of the node that is meant: addresses get reused, ids do not. */
    static final String TO = "Chordshare-To";
    /** The ids of the ring that the sender is in, the one that stands for it first; absent while it is joining. */
    static final String RING = "Chordshare-Ring";
    /** The number of the protocol that the sender speaks. */
    static final String PROTOCOL = "Chordshare-Protocol";
    /** In an answer: the id of the node that gives it. */
    public static final String NODE = "Chordshare-Node";
    /** In an error: which of the domain's reasons it was. */
    static final String REASON = "Chordshare-Reason";

    /** The protocol of this version. A node understands this and the one before. */
    static final int PROTOCOL_VERSION = 1;

    private PeerHeaders() {}
}
