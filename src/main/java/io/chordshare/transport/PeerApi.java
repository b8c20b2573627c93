package io.chordshare.transport;

import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.Compare;
import io.chordshare.replication.ReplicaRequest.Compared;
import io.chordshare.replication.ReplicaRequest.Kept;
import io.chordshare.replication.ReplicaRequest.ReadIndex;
import io.chordshare.replication.ReplicaRequest.States;
import io.chordshare.replication.ReplicaRequest.WriteRecord;
import io.chordshare.replication.ReplicaRequest.Written;
import io.chordshare.ring.protocol.RingRequest.Done;
import io.chordshare.ring.protocol.RingRequest.Hop;
import io.chordshare.ring.protocol.RingRequest.Join;
import io.chordshare.ring.protocol.RingRequest.JoinAnswer;
import io.chordshare.ring.protocol.RingRequest.Neighbours;
import io.chordshare.ring.protocol.RingRequest.Notify;
import io.chordshare.ring.protocol.RingRequest.PingReq;
import io.chordshare.ring.protocol.RingRequest.PingReqAnswer;
import io.chordshare.ring.protocol.RingRequest.Pointers;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingRequest.Regroup;
import io.chordshare.ring.protocol.RingRequest.Regrouped;
import io.chordshare.ring.protocol.RingRequest.UnifyRings;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.IndexChanges;
import io.swagger.v3.oas.annotations.Operation;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.annotation.PutExchange;

/** All requests between nodes. The controller implements this interface, and the client is a proxy of it. */
@HttpExchange
public interface PeerApi {

    @Operation(summary = "The id and address of this node. Answered immediately")
    @GetExchange("/ring/ping")
    Peer identify();

    @Operation(summary = "Notify: the sender may be the predecessor of this node")
    @PostExchange(value = "/ring/notify", contentType = MediaType.APPLICATION_JSON_VALUE)
    Done notify(@RequestBody Notify notice);

    @Operation(summary = "Ping: this node and its status in the ring")
    @GetExchange("/peer/ping")
    Pong ping(@RequestParam(name = "from", required = false) @Nullable String from,
              @RequestParam(name = "suspects", required = false) @Nullable String suspects);

    @Operation(operationId = "pingFor", summary = "Ping-req: ping another node that the sender does not hear")
    @PostExchange(value = "/peer/ping-for", contentType = MediaType.APPLICATION_JSON_VALUE)
    PingReqAnswer pingReq(@RequestBody PingReq question);

    @Operation(operationId = "meet",
            summary = "Unify rings: look up the own place in a part of the ring that this node may not know")
    @PostExchange(value = "/peer/meet", contentType = MediaType.APPLICATION_JSON_VALUE)
    Done unifyRings(@RequestBody UnifyRings message);

    /** The question of the stabilize steps. A node in a step of its own answers busy. */
    @Operation(summary = "The question of the stabilize steps. The answer may be busy")
    @GetExchange("/peer/neighbours")
    Neighbours neighbours();

    /** The same question, answered immediately. */
    @Operation(operationId = "view", summary = "The neighbours of a node. Answered immediately")
    @GetExchange("/peer/view")
    Neighbours getNeighbours();

    @Operation(summary = "All pointers of a node including fingers, for people to read")
    @GetExchange("/peer/pointers")
    Pointers pointers();

    @Operation(summary = "The question of the join step")
    @PostExchange(value = "/peer/join", contentType = MediaType.APPLICATION_JSON_VALUE)
    JoinAnswer join(@RequestBody Join question);

    @Operation(summary = "Regroup: a node of this ring starts, looks for the others, and may ask for a vote")
    @PostExchange(value = "/peer/regroup", contentType = MediaType.APPLICATION_JSON_VALUE)
    Regrouped regroup(@RequestBody Regroup message);

    @Operation(summary = "One hop of a lookup")
    @GetExchange("/peer/next-hop/{key}")
    Hop nextHop(@PathVariable("key") String key);

    @Operation(operationId = "spread", summary = "Broadcast: news for all nodes in a part of the ring")
    @PostExchange(value = "/peer/spread", contentType = MediaType.APPLICATION_JSON_VALUE)
    Done broadcast(@RequestBody BroadcastMessage message);

    @Operation(summary = "The state of these keys at this node")
    @PostExchange(value = "/peer/states", contentType = MediaType.APPLICATION_JSON_VALUE)
    States states(@RequestBody AskStates question);

    @Operation(summary = "The complete record of a key")
    @GetExchange("/peer/records/{key}")
    FileRecord readRecord(@PathVariable("key") String key);

    @Operation(summary = "Store this record unless this node has a newer one")
    @PutExchange(value = "/peer/records", contentType = MediaType.APPLICATION_JSON_VALUE)
    Written writeRecord(@RequestBody WriteRecord message);

    @Operation(summary = "Store this block")
    @PutExchange(value = "/peer/blocks/{hash}", contentType = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Kept putBlock(@PathVariable("hash") String hash, @RequestParam("upload") String upload,
                  @RequestBody InputStreamResource bytes);

    @Operation(summary = "All bytes of a block")
    @GetExchange("/peer/blocks/{hash}")
    Resource getBlock(@PathVariable("hash") String hash);

    @Operation(summary = "An upload was aborted or is done")
    @PostExchange("/peer/uploads/{upload}/release")
    Kept releaseUpload(@PathVariable("upload") String upload);

    @Operation(summary = "Compare the records of a range")
    @PostExchange(value = "/peer/compare", contentType = MediaType.APPLICATION_JSON_VALUE)
    Compared compare(@RequestBody Compare message);

    @Operation(summary = "The changed lines of the index")
    @PostExchange(value = "/peer/index", contentType = MediaType.APPLICATION_JSON_VALUE)
    IndexChanges readIndex(@RequestBody ReadIndex question);
}
