package io.chordshare.transport;

import io.chordshare.placement.PlacementRequest;
import io.chordshare.register.RegisterRequest;
import io.chordshare.replication.ReplicaRequest;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.runtime.Request;
import java.time.Duration;

/** How long a peer may take for each kind of request. Each limit covers the whole exchange including bodies. */
public enum PeerTimeouts {

    /**
     * Pings and pointers, answered from memory. Most callers stop waiting much sooner, after the usual time of the
     * peer. But a late answer to a ping is still a sign of life.
     */
    POINTER(Duration.ofSeconds(3)),
    /** Joins, lookups, and requests that access a disk without moving many bytes. */
    RECORD(Duration.ofSeconds(5)),
    /** A block of up to 4 MiB or a long page: enough for a connection of about 2 Mbit/s. */
    BULK(Duration.ofSeconds(20));

    /** Time to open a connection. */
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
                case ReplicaRequest.ReleaseUpload release -> RECORD;
                case ReplicaRequest.ReadIndex index -> BULK;
                case ReplicaRequest.PutBlock put -> BULK;
                case ReplicaRequest.GetBlock get -> BULK;
            };
            case PlacementRequest<?> views -> views instanceof PlacementRequest.LearnSlots ? BULK : RECORD;
            case RegisterRequest<?> register -> switch (register) {
                case RegisterRequest.Read read -> RECORD;
                case RegisterRequest.Promise promise -> RECORD;
                case RegisterRequest.Write write -> RECORD;
                case RegisterRequest.GetDigests digests -> RECORD;
                case RegisterRequest.ListSlot list -> BULK;
                case RegisterRequest.GetRegisters registers -> BULK;
            };
            default -> throw new IllegalArgumentException("no timeout for " + request.getClass());
        };
    }
}
