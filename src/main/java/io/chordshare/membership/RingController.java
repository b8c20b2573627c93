package io.chordshare.membership;

import io.chordshare.files.FileName;
import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.replication.Leaving;
import io.chordshare.replication.Replication;
import io.chordshare.ring.LookupFailedException;
import io.chordshare.ring.LookupResult;
import io.chordshare.ring.Peer;
import io.chordshare.ring.RingId;
import io.chordshare.ring.RingNode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
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

/** The ring as its users see and steer it. */
@RestController
@RequestMapping("/ring")
@Tag(name = "Ring", description = "Join, leave, look up; who is there")
class RingController {

    private static final String DEFAULT_JOIN_WAIT = "30s";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(3);

    private final RingNode ring;
    private final Replication replication;
    private final Joins joins;
    private final Leaves leaves;

    RingController(RingNode ring, Replication replication) {
        this.ring = ring;
        this.replication = replication;
        this.joins = new Joins(ring);
        this.leaves = new Leaves(replication.leaving());
    }

    /** @param merge makes two rings that both have members one ring, with the nodes and files of both */
    record JoinRequest(@Schema(example = "http://127.0.0.1:8081") @Nullable String address, @Nullable Boolean merge) {}

    /** Who owns a key, and how that was found. */
    record LookupView(RingId key, Peer owner, List<Peer> successors, int hops, List<Peer> path) {}

    @Operation(summary = "This node's place in the ring")
    @GetMapping
    RingView view() {
        return RingView.of(ring.state(), replication.leaving());
    }

    @Operation(summary = "Join the ring of the node at this address",
            description = "A node that is in another ring with others is refused (409), unless merge is true: then the two"
                    + " rings become one, with the nodes and files of both.")
    @PostMapping(path = "/join", consumes = MediaType.APPLICATION_JSON_VALUE)
    RingView join(@RequestBody JoinRequest request,
                  @RequestParam(defaultValue = DEFAULT_JOIN_WAIT) @DurationFormat(style = DurationFormat.Style.SIMPLE)
                  @Parameter(description = "How long to wait until it is a member", schema = @Schema(type = "string"))
                  Duration wait) {
        joins.join(request.address(), Boolean.TRUE.equals(request.merge()), wait);
        return view();
    }

    @Operation(summary = "Hand over what only this node holds, and leave the ring",
            description = "202 at once, with the progress under handover in GET /ring; with wait 200 once it is done.")
    @PostMapping("/leave")
    ResponseEntity<RingView> leave(
            @RequestParam(required = false) @DurationFormat(style = DurationFormat.Style.SIMPLE)
            @Parameter(description = "How long to wait until it has left", schema = @Schema(type = "string"),
                    example = "60s") @Nullable Duration wait,
            @RequestParam(defaultValue = "false")
            @Parameter(description = "Leave now, whatever is left to hand over") boolean force) {
        boolean done = leaves.leave(wait, force);
        return ResponseEntity.status(done ? HttpStatus.OK : HttpStatus.ACCEPTED).body(view());
    }

    @Operation(summary = "Stay after all")
    @DeleteMapping("/leave")
    RingView stay() {
        replication.leaving().cancel();
        return view();
    }

    @Operation(summary = "Who owns this key?")
    @GetMapping("/lookup/{key}")
    LookupView lookup(@PathVariable @Parameter(description = "40 hex digits") String key) {
        try {
            return lookup(RingId.parse(key));
        } catch (IllegalArgumentException e) {
            throw new ChordshareException(ProblemType.INVALID_KEY,
                    "A key has 40 hex digits. For a file give its name: /ring/lookup?name=", e);
        }
    }

    @Operation(summary = "Who owns this file?")
    @GetMapping("/lookup")
    LookupView lookupName(@RequestParam String name) {
        return lookup(RingId.ofName(FileName.of(name).value()));
    }

    private LookupView lookup(RingId key) {
        try {
            LookupResult found = ring.lookup(key);
            return new LookupView(key, found.owner(), found.successors(), found.hops(), found.path());
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
}
