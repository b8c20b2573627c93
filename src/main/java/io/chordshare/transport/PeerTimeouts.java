package io.chordshare.transport;

import io.chordshare.replication.ReplicaRequest;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.runtime.Request;
import java.time.Duration;

/** How long a peer may take, by what it is asked. Each is the limit for the whole exchange, bodies included. */
public enum PeerTimeouts {

    /**
     * Pings and pointers: answered from memory. Most callers give up much sooner, after as long as this peer usually
     * takes; but a ping that is answered late is a sign of life still.
     */
    POINTER(Duration.ofSeconds(3)),
    /** Joins and lookups, and whatever touches a disk without moving many bytes. */
    RECORD(Duration.ofSeconds(5)),
    /** A block of up to 4 MiB or a long page: enough for a line of some 2 Mbit/s. */
    BULK(Duration.ofSeconds(20));

    /** Until a connection stands. */
    public static final Duration CONNECT = Duration.ofSeconds(1);

    private final Duration limit;

    PeerTimeouts(Duration limit) {
        this.limit = limit;
    }

    public Duration limit() {
        return limit;
    }

    public static PeerTimeouts of(Request<?> request) {
        return switch (request) {
            case RingRequest<?> ring -> switch (ring) {
                case RingRequest.Ping ping -> POINTER;
                case RingRequest.NextHop hop -> POINTER;
                case RingRequest.GetNeighbours view -> POINTER;
                case RingRequest.GetPointers question -> POINTER;
                case RingRequest.GetPredecessorAndSuccessors ask -> POINTER;
                case RingRequest.Notify notice -> POINTER;
                case RingRequest.BroadcastRequest spread -> POINTER;
                case RingRequest.UnifyRings meet -> POINTER;
                case RingRequest.Regroup regroup -> POINTER;
                case RingRequest.PingReq question -> RECORD;
                case RingRequest.Join join -> RECORD;
            };
            case ReplicaRequest<?> data -> switch (data) {
                case ReplicaRequest.AskStates states -> RECORD;
                case ReplicaRequest.ReadRecord read -> RECORD;
                case ReplicaRequest.WriteRecord write -> RECORD;
                case ReplicaRequest.ReleaseUpload release -> RECORD;
                case ReplicaRequest.ReadIndex index -> BULK;
                case ReplicaRequest.Compare compare -> BULK;
                case ReplicaRequest.PutBlock put -> BULK;
                case ReplicaRequest.GetBlock get -> BULK;
            };
            default -> throw new IllegalArgumentException("no timeout for " + request.getClass());
        };
    }
}
