package io.chordshare.register;

import io.chordshare.id.ChordId;
import io.chordshare.placement.Placement;
import io.chordshare.placement.View;
import io.chordshare.register.RegisterRequest.DigestReport;
import io.chordshare.register.RegisterRequest.Digests;
import io.chordshare.register.RegisterRequest.GetDigests;
import io.chordshare.register.RegisterRequest.GetRegisters;
import io.chordshare.register.RegisterRequest.ListSlot;
import io.chordshare.register.RegisterRequest.Promise;
import io.chordshare.register.RegisterRequest.Read;
import io.chordshare.register.RegisterRequest.RegisterReply;
import io.chordshare.register.RegisterRequest.Registers;
import io.chordshare.register.RegisterRequest.SlotPage;
import io.chordshare.register.RegisterRequest.Write;
import io.chordshare.register.RegisterStore.Step;
import io.chordshare.register.RegisterStore.StepAnswer;
import io.chordshare.runtime.DiskAnswer;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** This node as one of those that keep a name. It answers what is durable here, in the view that it serves. */
public final class RegisterReplica {

    /** A disk that takes longer is not one to wait for: another member answers. */
    private static final Duration DURABLE_WITHIN = Duration.ofSeconds(4);

    private final NodeRuntime runtime;
    private final Placement placement;
    private final RegisterStore store;
    private final BlockSource blocks;

    public RegisterReplica(NodeRuntime runtime, Placement placement, RegisterStore store, BlockSource blocks) {
        this.runtime = runtime;
        this.placement = placement;
        this.store = store;
        this.blocks = blocks;
    }

    /**
     * Answers a peer.
     *
     * @throws PeerException when it cannot be done, with the reason
     */
    @SuppressWarnings("unchecked") // each request names the type of its answer
    public <A> A answer(RegisterRequest<A> request) throws PeerException {
        return (A) switch (request) {
            case Read read -> read(read);
            case Promise promise -> promise(promise);
            case Write write -> write(write);
            case GetDigests question -> digests(question);
            case ListSlot(int slot, @Nullable String after) ->
                    new SlotPage(store.page(slot, after, RegisterRequest.MAX_LINES));
            case GetRegisters question -> new Registers(question.keys().stream().map(store::read).toList());
        };
    }

    private RegisterReply read(Read read) {
        int slot = slotOf(read.key());
        if (!placement.serves(slot, read.view())) {
            return elsewhere(slot, read.view());
        }
        Register now = store.read(read.key());
        // what was read while a view ended may be of the next one
        return placement.serves(slot, read.view()) ? RegisterReply.of(RegisterStatus.DONE, now, read.withRecord())
                : elsewhere(slot, read.view());
    }

    private RegisterReply promise(Promise promise) throws PeerException {
        check(promise.key(), promise.version());
        return step(promise.key(), promise.view(), true, (now, hasBytes) ->
                RegisterRules.promise(now, promise.version()), false);
    }

    private void check(String key, Version version) throws PeerException {
        if (!version.isExplainedBy(store.read(key).accepted(), runtime.wallClock())) {
            throw new PeerException(Reason.REFUSED, "no writer can have come to the counter of this version");
        }
    }

    private RegisterReply write(Write write) throws PeerException {
        FileRecord record = write.record();
        check(record.key(), record.version());
        // the rank is that of the view in which the step is taken
        Step step = (now, hasBytes) -> RegisterRules.write(now, record, holds(record), hasBytes);
        RegisterReply reply = step(record.key(), write.view(), false, step, write.sources().isEmpty());
        boolean hasFetched = reply.status() == RegisterStatus.INCOMPLETE && !write.sources().isEmpty()
                && blocks.fetch(record, write.sources());
        return hasFetched ? step(record.key(), write.view(), false, step, false) : reply;
    }

    private boolean holds(FileRecord record) {
        int rank = placement.known(slotOf(record.key())).map(view -> view.rankOf(placement.self())).orElse(-1);
        return rank >= 0 && record.copies().wantedAt(rank);
    }

    /** The view is looked at within the transaction: a sealed member never accepts what came a moment before. */
    private RegisterReply step(String key, long view, boolean withRecord, Step step, boolean isNewFile)
            throws PeerException {
        int slot = slotOf(key);
        Step inView = (now, hasBytes) -> placement.serves(slot, view)
                ? step.take(now, hasBytes) : StepAnswer.unchanged(RegisterStatus.OTHER_VIEW, now);
        CompletableFuture<StepAnswer> stepping =
                isNewFile ? store.stepOfUpload(key, inView) : store.step(key, inView);
        StepAnswer answer = DiskAnswer.await(runtime, stepping, DURABLE_WITHIN);
        return answer.status() == RegisterStatus.OTHER_VIEW ? elsewhere(slot, view)
                : RegisterReply.of(answer.status(), answer.now(), withRecord);
    }

    private RegisterReply elsewhere(int slot, long view) {
        View newest = placement.known(slot).orElse(null);
        return newest != null && newest.number() == view
                ? RegisterReply.elsewhere(RegisterStatus.CHANGING, null)
                : RegisterReply.elsewhere(RegisterStatus.OTHER_VIEW, newest);
    }

    /**
     * What is over before the digests are read stays over: once the seal is durable, so is everything that was accepted
     * before it.
     */
    Digests digests(GetDigests question) throws PeerException {
        List<Boolean> over = question.slots().stream()
                .map(asked -> placement.isOver(asked.slot(), asked.number() - 1)).toList();
        placement.awaitSaved();
        List<DigestReport> reports = new ArrayList<>();
        for (int i = 0; i < over.size(); i++) {
            int slot = question.slots().get(i).slot();
            reports.add(new DigestReport(slot, placement.activated(slot), over.get(i), store.digest(slot)));
        }
        return new Digests(reports);
    }

    /**
     * Keeps a record at a node that does not answer for its file, since more nodes keep the file than do. A node that
     * answers, or may come to, takes records from the others that do.
     *
     * @param record what a majority has; its bytes are here
     * @return whether it is here with all its bytes
     * @throws PeerException when the disk does not take it
     */
    public boolean keepExtra(FileRecord record) throws PeerException {
        int slot = slotOf(record.key());
        StepAnswer answer = DiskAnswer.await(runtime, store.step(record.key(), (now, hasBytes) ->
                placement.mayAnswerFor(slot) ? StepAnswer.unchanged(RegisterStatus.OTHER_VIEW, now)
                        : RegisterRules.extra(now, record, hasBytes)), DURABLE_WITHIN);
        return answer.status() == RegisterStatus.DONE && answer.now().complete();
    }

    private int slotOf(String key) {
        return placement.slots().of(ChordId.parse(key));
    }
}
