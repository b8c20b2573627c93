package io.chordshare.transport;

import io.chordshare.id.ChordId;
import io.chordshare.placement.PlacementRequest;
import io.chordshare.register.RegisterRequest;
import io.chordshare.register.disk.DiskFailures;
import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.Kept;
import io.chordshare.replication.ReplicaRequest.ReadIndex;
import io.chordshare.replication.ReplicaRequest.ReadRecord;
import io.chordshare.replication.ReplicaRequest.ReleaseUpload;
import io.chordshare.replication.ReplicaRequest.States;
import io.chordshare.ring.protocol.RingRequest;
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
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.runtime.Request;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.IndexChanges;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.UploadId;
import io.chordshare.transport.batch.BroadcastMessage;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.web.bind.annotation.RestController;

/** Implements {@link PeerApi} for this node. */
@RestController
@Tag(name = "Peers", description = "What nodes ask each other")
public class PeerController implements PeerApi {

    private final LocalAnswers answers;

    PeerController(LocalAnswers answers) {
        this.answers = answers;
    }

    @Override
    public Peer identify() {
        return answers.state().self();
    }

    @Override
    public Done notify(Notify notice) {
        return answer(notice);
    }

    @Override
    public Pong ping(@Nullable String from, @Nullable String suspects) {
        return answerTo(() -> new RingRequest.Ping(from == null ? null : ChordId.parse(from),
                suspects == null ? List.of() : Suspects.parse(suspects)));
    }

    @Override
    public PingReqAnswer pingReq(PingReq question) {
        return answer(question);
    }

    @Override
    public Done unifyRings(UnifyRings message) {
        return answer(message);
    }

    @Override
    public Neighbours neighbours() {
        return answer(new RingRequest.GetPredecessorAndSuccessors());
    }

    @Override
    public Neighbours getNeighbours() {
        return answer(new RingRequest.GetNeighbours());
    }

    @Override
    public Pointers pointers() {
        return answer(new RingRequest.GetPointers());
    }

    @Override
    public JoinAnswer join(Join question) {
        return answer(question);
    }

    @Override
    public Regrouped regroup(Regroup message) {
        return answer(message);
    }

    @Override
    public Hop nextHop(String key) {
        return answerTo(() -> new RingRequest.NextHop(ChordId.parse(key)));
    }

    @Override
    public Done broadcast(BroadcastMessage message) {
        return answerTo(message::toRequest);
    }

    @Override
    public States states(AskStates question) {
        return answer(question);
    }

    @Override
    public FileRecord readRecord(String key) {
        return answerTo(() -> new ReadRecord(key));
    }

    @Override
    public Kept putBlock(String hash, String upload, InputStreamResource bytes) {
        return refusing(() -> {
            try (InputStream in = bytes.getInputStream()) {
                return answers.replica().keep(parse(hash, Sha256::parse), in,
                        parse(upload, UploadId::check));
            } catch (IOException e) {
                throw new PeerException(Reason.FAILED, "the block did not arrive as a whole: send it again", e);
            }
        });
    }

    @Override
    public Resource getBlock(String hash) {
        return refusing(() -> new BlockResource(answers.replica().open(parse(hash, Sha256::parse))));
    }

    @Override
    public Kept releaseUpload(String upload) {
        return answerTo(() -> new ReleaseUpload(upload));
    }

    @Override
    public IndexChanges readIndex(ReadIndex question) {
        return answer(question);
    }

    @Override
    public PlacementRequest.SlotReports getSlots(PlacementRequest.GetSlots message) {
        return answer(message);
    }

    @Override
    public PlacementRequest.ViewVotes prepareViews(PlacementRequest.PrepareViews message) {
        return answer(message);
    }

    @Override
    public PlacementRequest.ViewVotes acceptViews(PlacementRequest.AcceptViews message) {
        return answer(message);
    }

    @Override
    public PlacementRequest.Noted decidedViews(PlacementRequest.DecidedViews message) {
        return answer(message);
    }

    @Override
    public PlacementRequest.LearnedSlots learnSlots(PlacementRequest.LearnSlots message) {
        return answer(message);
    }

    @Override
    public PlacementRequest.LearnedSlots recoverViews(PlacementRequest.RecoverViews message) {
        return answer(message);
    }

    @Override
    public PlacementRequest.Noted leavingNode(PlacementRequest.LeavingNode message) {
        return answer(message);
    }

    @Override
    public RegisterRequest.RegisterReply read(RegisterRequest.Read message) {
        return answer(message);
    }

    @Override
    public RegisterRequest.RegisterReply promise(RegisterRequest.Promise message) {
        return answer(message);
    }

    @Override
    public RegisterRequest.RegisterReply write(RegisterRequest.Write message) {
        return answer(message);
    }

    @Override
    public RegisterRequest.Digests digests(RegisterRequest.GetDigests message) {
        return answer(message);
    }

    @Override
    public RegisterRequest.SlotPage listSlot(RegisterRequest.ListSlot message) {
        return answer(message);
    }

    @Override
    public RegisterRequest.Registers getRegisters(RegisterRequest.GetRegisters message) {
        return answer(message);
    }

    /** As {@link #answer}, for a message that did not come as JSON. A message that breaks a rule is refused as such. */
    private <A> A answerTo(Supplier<Request<A>> message) {
        return answer(parse(message, Supplier::get));
    }

    private <A> A answer(Request<A> request) {
        return refusing(() -> answers.answer(request));
    }

    private static <A> A refusing(PeerCall<A> call) {
        try {
            return call.run();
        } catch (PeerException e) {
            throw new PeerRefusal(e);
        } catch (StorageException e) {
            throw new PeerRefusal(DiskFailures.translate(e));
        }
    }

    private static <T, R> R parse(T given, Function<T, R> parser) {
        try {
            return parser.apply(given);
        } catch (IllegalArgumentException e) {
            throw new PeerRefusal(new PeerException(Reason.REFUSED, "cannot be understood: " + e.getMessage(), e));
        }
    }
}
