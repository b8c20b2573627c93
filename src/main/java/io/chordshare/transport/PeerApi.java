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

/** Everything that one node asks another. The controller implements it, and the same interface is the client. */
@HttpExchange
public interface PeerApi {

    @Operation(summary = "Who are you? Answered at once")
    @GetExchange("/ring/ping")
    Peer identify();

    @Operation(summary = "A peer may be your predecessor")
    @PostExchange(value = "/ring/notify", contentType = MediaType.APPLICATION_JSON_VALUE)
    Done notify(@RequestBody Notify notice);

    @Operation(summary = "Are you there, and what are you to the ring?")
    @GetExchange("/peer/ping")
    Pong ping(@RequestParam(name = "from", required = false) @Nullable String from,
              @RequestParam(name = "suspects", required = false) @Nullable String suspects);

    @Operation(summary = "Ping somebody else for me: I do not hear it")
    @PostExchange(value = "/peer/ping-for", contentType = MediaType.APPLICATION_JSON_VALUE)
    PingReqAnswer pingFor(@RequestBody PingReq question);

    @Operation(summary = "There may be a part of the ring that you do not know: look your place up there")
    @PostExchange(value = "/peer/meet", contentType = MediaType.APPLICATION_JSON_VALUE)
    Done meet(@RequestBody UnifyRings message);

    /** The question of the stabilise steps, which a node in the middle of a step answers with busy. */
    @Operation(summary = "The question of the stabilise steps; may be answered with busy")
    @GetExchange("/peer/neighbours")
    Neighbours neighbours();

    /** The same at once. */
    @Operation(summary = "The pointers of a node, at once")
    @GetExchange("/peer/view")
    Neighbours view();

    @Operation(summary = "All pointers of a node, fingers too, for people to look at")
    @GetExchange("/peer/pointers")
    Pointers pointers();

    @Operation(summary = "The question of the join step")
    @PostExchange(value = "/peer/join", contentType = MediaType.APPLICATION_JSON_VALUE)
    JoinAnswer join(@RequestBody Join question);

    @Operation(summary = "A node of this ring is starting: who else is, and may it begin the ring again?")
    @PostExchange(value = "/peer/regroup", contentType = MediaType.APPLICATION_JSON_VALUE)
    Regrouped regroup(@RequestBody Regroup message);

    @Operation(summary = "One hop of a lookup")
    @GetExchange("/peer/next-hop/{key}")
    Hop nextHop(@PathVariable("key") String key);

    @Operation(summary = "News for everybody in a part of the ring")
    @PostExchange(value = "/peer/spread", contentType = MediaType.APPLICATION_JSON_VALUE)
    Done spread(@RequestBody SpreadMessage message);

    @Operation(summary = "What do you have of these keys?")
    @PostExchange(value = "/peer/states", contentType = MediaType.APPLICATION_JSON_VALUE)
    States states(@RequestBody AskStates question);

    @Operation(summary = "The whole record of a key")
    @GetExchange("/peer/records/{key}")
    FileRecord readRecord(@PathVariable("key") String key);

    @Operation(summary = "Keep this record unless you have a newer one")
    @PutExchange(value = "/peer/records", contentType = MediaType.APPLICATION_JSON_VALUE)
    Written writeRecord(@RequestBody WriteRecord message);

    @Operation(summary = "Keep this block")
    @PutExchange(value = "/peer/blocks/{hash}", contentType = MediaType.APPLICATION_OCTET_STREAM_VALUE)
    Kept putBlock(@PathVariable("hash") String hash, @RequestParam("upload") String upload,
                  @RequestBody InputStreamResource bytes);

    @Operation(summary = "All bytes of a block")
    @GetExchange("/peer/blocks/{hash}")
    Resource getBlock(@PathVariable("hash") String hash);

    @Operation(summary = "An upload was given up or is done")
    @PostExchange("/peer/uploads/{upload}/release")
    Kept releaseUpload(@PathVariable("upload") String upload);

    @Operation(summary = "Compare what we have of a range")
    @PostExchange(value = "/peer/compare", contentType = MediaType.APPLICATION_JSON_VALUE)
    Compared compare(@RequestBody Compare message);

    @Operation(summary = "The lines of the index that changed")
    @PostExchange(value = "/peer/index", contentType = MediaType.APPLICATION_JSON_VALUE)
    IndexChanges readIndex(@RequestBody ReadIndex question);
}
