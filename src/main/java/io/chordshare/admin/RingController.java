package io.chordshare.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.chordshare.files.FileName;
import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.replication.Replication;
import io.chordshare.replication.RingRecovery;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.lookup.LookupResult;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.runtime.Peer;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The ring for users: view, join, leave, lookup, nodes. */
@RestController
@RequestMapping("/ring")
@Tag(name = "Ring", description = "Join, leave, look up, list nodes")
public class RingController {

    private static final String DEFAULT_JOIN_WAIT = "30s";
    private static final String TRACE = "Also list every node that was asked, and how long each one took";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(3);

    private final RingNode ring;
    private final Replication replication;
    private final JoinService joins;
    private final LeaveService leaves;

    RingController(RingNode ring, Replication replication) {
        this.ring = ring;
        this.replication = replication;
        this.joins = new JoinService(ring);
        this.leaves = new LeaveService(replication.leaving());
    }

    /** @param merge whether two rings that both have members become one ring, with the nodes and files of both */
    record JoinRequest(@Schema(example = "http://127.0.0.1:8081") @Nullable String address,
                       @Schema(example = "false") @Nullable Boolean merge) {}

    /**
     * The owner of a key, and the path of the lookup.
     *
     * @param path the nodes on the way to the owner, in order
     * @param trace details of the lookup; null if not requested
     */
    record LookupView(ChordId key, Peer owner, List<Peer> successors, int hops, List<Peer> path,
                      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Trace trace) {}

    /**
     * Details of a lookup.
     *
     * @param asked every request in order, also the unanswered ones and the last one to the owner itself
     * @param confirmed whether the owner itself confirms that it owns the key
     */
    record Trace(List<AskedView> asked, boolean confirmed) {

        static Trace of(LookupResult found) {
            return new Trace(found.asked().stream().map(question -> new AskedView(question.peer(), question.answered(),
                    question.took().toNanos() / 1000)).toList(), found.confirmed());
        }
    }

    /** @param micros time until the response came, or until this node stopped waiting */
    record AskedView(Peer node, boolean answered, long micros) {}

    @Operation(summary = "This node's place in the ring")
    @GetMapping
    RingResponse view() {
        return RingResponse.of(ring.state(), replication);
    }

    @Operation(summary = "Join the ring of the node at this address",
            description = "A node that is in another ring with other nodes is refused (409), unless merge is true. Then"
                    + " the two rings become one, with the nodes and files of both.")
    @PostMapping(path = "/join", consumes = MediaType.APPLICATION_JSON_VALUE)
    RingResponse join(@RequestBody JoinRequest request,
                  @RequestParam(defaultValue = DEFAULT_JOIN_WAIT) @DurationFormat(style = DurationFormat.Style.SIMPLE)
                  @Parameter(description = "How long to wait for membership", schema = @Schema(type = "string"))
                  Duration wait) {
        joins.join(request.address(), Boolean.TRUE.equals(request.merge()), wait);
        return view();
    }

    @Operation(summary = "Hand off what only this node holds, and leave the ring",
            description = "202 immediately; GET /ring shows the progress under handover. With wait: 200 once it is"
                    + " done.")
    @ApiResponse(responseCode = "200", description = "The node has left", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "202", description = "The node is leaving", useReturnTypeSchema = true)
    @PostMapping("/leave")
    ResponseEntity<RingResponse> leave(
            @RequestParam(required = false) @DurationFormat(style = DurationFormat.Style.SIMPLE)
            @Parameter(description = "How long to wait until the node has left", schema = @Schema(type = "string"),
                    example = "60s") @Nullable Duration wait,
            @RequestParam(defaultValue = "false")
            @Parameter(description = "Leave now, even if data was not handed off") boolean force) {
        boolean done = leaves.leave(wait, force);
        return ResponseEntity.status(done ? HttpStatus.OK : HttpStatus.ACCEPTED).body(view());
    }

    @Operation(summary = "Cancel the leave")
    @DeleteMapping("/leave")
    RingResponse stay() {
        replication.leaving().cancel();
        return view();
    }

    @Operation(summary = "Go on without nodes that will never come back",
            description = "For slots that have lost a majority of their nodes for good, and answer 503 since then."
                    + " Those that are left take them over. Switch the lost nodes off for good first: what they have"
                    + " acknowledged and those that are left do not know is gone; the answer names listed files that"
                    + " are missing. Does nothing where a majority answers.")
    @PostMapping("/recover")
    RingRecovery.Report recover() {
        if (ring.state().ringId() == null) {
            throw new ChordshareException(ProblemType.NOT_A_MEMBER, "This node was in no ring yet. Ask a node of the"
                    + " ring that has lost others", RETRY_AFTER, null);
        }
        try {
            return replication.recovery().recover();
        } catch (RingRecovery.ConcurrentRecoveryException e) {
            throw new ChordshareException(ProblemType.BUSY, e.getMessage() + ". Try again when it is done", RETRY_AFTER,
                    e);
        } catch (RingRecovery.NotAloneException e) {
            throw new ChordshareException(ProblemType.NOT_A_MEMBER, e.getMessage() + ". Ask that one, or wait until"
                    + " this node is back; GET /ring shows it", RETRY_AFTER, e);
        }
    }

    @Operation(summary = "Who owns this key?")
    @GetMapping("/lookup/{key}")
    LookupView lookup(@PathVariable @Parameter(description = "40 hex digits",
            example = "00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff") String key,
                      @RequestParam(defaultValue = "false") @Parameter(description = TRACE) boolean trace) {
        try {
            return lookup(ChordId.parse(key), trace);
        } catch (IllegalArgumentException e) {
            throw new ChordshareException(ProblemType.INVALID_KEY,
                    "A key has 40 hex digits. To look up a file use /ring/lookup?name=", e);
        }
    }

    @Operation(summary = "Who owns this file?")
    @GetMapping("/lookup")
    LookupView lookupName(@RequestParam @Parameter(example = "reports/2026/q3.txt") String name,
                          @RequestParam(defaultValue = "false") @Parameter(description = TRACE) boolean trace) {
        Slots slots = replication.placement().slots();
        return lookup(slots.start(slots.ofName(FileName.of(name).value())), trace);
    }

    private LookupView lookup(ChordId key, boolean trace) {
        try {
            LookupResult found = ring.lookup(key);
            return new LookupView(key, found.owner(), found.successors(), found.hops(), found.path(),
                    trace ? Trace.of(found) : null);
        } catch (LookupFailedException e) {
            throw new ChordshareException(ProblemType.NO_MAJORITY, e.getMessage()
                    + ". The ring is being repaired: try again in a moment", RETRY_AFTER, e);
        }
    }

    @Operation(summary = "All nodes of the ring, in ring order")
    @GetMapping("/nodes")
    List<Nodes.NodeView> nodes() {
        return new Nodes(ring, replication).view();
    }

    @Operation(summary = "The pointers of one node: predecessor, successors, fingers",
            description = "As the node itself reports them now. Any node can be asked about any other node.")
    @GetMapping("/nodes/{id}")
    Nodes.Pointers pointers(@PathVariable @Parameter(description =
            "40 hex digits: the id of a node of this ring") String id) {
        try {
            return new Nodes(ring, replication).pointersOf(ChordId.parse(id));
        } catch (IllegalArgumentException e) {
            throw new ChordshareException(ProblemType.INVALID_KEY,
                    "A node's id has 40 hex digits. GET /ring/nodes lists them", e);
        }
    }
}
