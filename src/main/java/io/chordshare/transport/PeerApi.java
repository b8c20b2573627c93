package io.chordshare.transport;

import io.chordshare.placement.PlacementRequest;
import io.chordshare.register.RegisterRequest;
import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.Kept;
import io.chordshare.replication.ReplicaRequest.ReadIndex;
import io.chordshare.replication.ReplicaRequest.States;
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
import io.chordshare.transport.batch.BroadcastMessage;
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

    @Operation(summary = "The changed lines of the index")
    @PostExchange(value = "/peer/index", contentType = MediaType.APPLICATION_JSON_VALUE)
    IndexChanges readIndex(@RequestBody ReadIndex question);

    @Operation(operationId = "slots", summary = "What does this node know of these slots?")
    @PostExchange(value = "/peer/slots/get", contentType = MediaType.APPLICATION_JSON_VALUE)
    PlacementRequest.SlotReports getSlots(@RequestBody PlacementRequest.GetSlots message);

    @Operation(operationId = "prepareViews", summary = "Phase 1 of Paxos for next views")
    @PostExchange(value = "/peer/slots/prepare", contentType = MediaType.APPLICATION_JSON_VALUE)
    PlacementRequest.ViewVotes prepareViews(@RequestBody PlacementRequest.PrepareViews message);

    @Operation(operationId = "acceptViews", summary = "Phase 2 of Paxos for next views")
    @PostExchange(value = "/peer/slots/accept", contentType = MediaType.APPLICATION_JSON_VALUE)
    PlacementRequest.ViewVotes acceptViews(@RequestBody PlacementRequest.AcceptViews message);

    @Operation(operationId = "decidedViews", summary = "These views are decided")
    @PostExchange(value = "/peer/slots/decided", contentType = MediaType.APPLICATION_JSON_VALUE)
    PlacementRequest.Noted decidedViews(@RequestBody PlacementRequest.DecidedViews message);

    @Operation(operationId = "learnSlots", summary = "Copy what is in these slots: this node may become a member")
    @PostExchange(value = "/peer/slots/learn", contentType = MediaType.APPLICATION_JSON_VALUE)
    PlacementRequest.LearnedSlots learnSlots(@RequestBody PlacementRequest.LearnSlots message);

    @Operation(operationId = "recoverViews", summary = "A majority of the members is gone for good: these take over")
    @PostExchange(value = "/peer/slots/recover", contentType = MediaType.APPLICATION_JSON_VALUE)
    PlacementRequest.LearnedSlots recoverViews(@RequestBody PlacementRequest.RecoverViews message);

    @Operation(operationId = "leavingNode", summary = "The sender leaves: give its slots to others")
    @PostExchange(value = "/peer/slots/leaving", contentType = MediaType.APPLICATION_JSON_VALUE)
    PlacementRequest.Noted leavingNode(@RequestBody PlacementRequest.LeavingNode message);

    @Operation(operationId = "readRegister", summary = "What is accepted?")
    @PostExchange(value = "/peer/registers/read", contentType = MediaType.APPLICATION_JSON_VALUE)
    RegisterRequest.RegisterReply read(@RequestBody RegisterRequest.Read message);

    @Operation(operationId = "promise", summary = "Accept nothing lower from now on, and say what is accepted")
    @PostExchange(value = "/peer/registers/promise", contentType = MediaType.APPLICATION_JSON_VALUE)
    RegisterRequest.RegisterReply promise(@RequestBody RegisterRequest.Promise message);

    @Operation(operationId = "writeRegister", summary = "Accept this record")
    @PostExchange(value = "/peer/registers/write", contentType = MediaType.APPLICATION_JSON_VALUE)
    RegisterRequest.RegisterReply write(@RequestBody RegisterRequest.Write message);

    @Operation(operationId = "digests", summary = "What is in these slots, in a number each?")
    @PostExchange(value = "/peer/registers/digests", contentType = MediaType.APPLICATION_JSON_VALUE)
    RegisterRequest.Digests digests(@RequestBody RegisterRequest.GetDigests message);

    @Operation(operationId = "listSlot", summary = "The registers of a slot, by their versions")
    @PostExchange(value = "/peer/registers/list", contentType = MediaType.APPLICATION_JSON_VALUE)
    RegisterRequest.SlotPage listSlot(@RequestBody RegisterRequest.ListSlot message);

    @Operation(operationId = "getRegisters", summary = "These registers, whole")
    @PostExchange(value = "/peer/registers/get", contentType = MediaType.APPLICATION_JSON_VALUE)
    RegisterRequest.Registers getRegisters(@RequestBody RegisterRequest.GetRegisters message);
}
