package io.chordshare.register;

import io.chordshare.id.ChordId;
import io.chordshare.placement.Placement;
import io.chordshare.register.RegisterRequest.GetRegisters;
import io.chordshare.register.RegisterRequest.ListSlot;
import io.chordshare.register.RegisterRequest.SlotPage;
import io.chordshare.register.RegisterStore.SlotLine;
import io.chordshare.register.RegisterStore.StepAnswer;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Takes what another node has newer in one slot. Each register is durable before the next ones are asked for. */
final class SlotPull {

    private static final Duration DURABLE_WITHIN = Duration.ofSeconds(10);

    private final NodeRuntime runtime;
    private final Placement placement;
    private final RegisterStore store;

    SlotPull(NodeRuntime runtime, Placement placement, RegisterStore store) {
        this.runtime = runtime;
        this.placement = placement;
        this.store = store;
    }

    /**
     * @param rank     this node's place in the view: it decides which bytes belong here
     * @param deadline when to stop, to go on at the next call; null for no such time
     * @return whether this node has everything now that the peer had
     * @throws PeerException when the peer or this node's disk does not answer
     */
    boolean pull(Peer peer, int slot, int rank, @Nullable Duration deadline) throws PeerException {
        String after = null;
        while (true) {
            SlotPage page = runtime.call(peer, new ListSlot(slot, after));
            List<String> wanted = page.lines().stream().filter(line -> isInSlot(line, slot) && isNews(line))
                    .map(SlotLine::key).toList();
            for (int from = 0; from < wanted.size(); from += RegisterRequest.MAX_REGISTERS) {
                if (deadline != null && runtime.uptime().compareTo(deadline) > 0) {
                    return false;
                }
                if (!take(peer, wanted.subList(from, Math.min(from + RegisterRequest.MAX_REGISTERS, wanted.size())),
                        rank)) {
                    return false;
                }
            }
            if (page.isLast()) {
                return true;
            }
            after = page.lines().getLast().key();
        }
    }

    private boolean isInSlot(SlotLine line, int slot) {
        return placement.slots().of(ChordId.parse(line.key())) == slot;
    }

    private boolean isNews(SlotLine line) {
        Register here = store.read(line.key());
        return line.accepted().isNewerThan(here.accepted()) || line.promised().isNewerThan(here.promised());
    }

    private boolean take(Peer peer, List<String> keys, int rank) throws PeerException {
        List<Register> registers = runtime.call(peer, new GetRegisters(keys)).registers();
        if (registers.size() != keys.size()) {
            throw new PeerException(Reason.FAILED, "other registers than those that were asked for");
        }
        List<CompletableFuture<StepAnswer>> merging = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Register theirs = registers.get(i);
            if (theirs.record() != null && !theirs.record().key().equals(keys.get(i))) {
                throw new PeerException(Reason.FAILED, "the register of another name than was asked for");
            }
            boolean holds = rank >= 0 && theirs.record() != null && theirs.record().copies().wantedAt(rank);
            merging.add(store.step(keys.get(i), (now, hasBytes) ->
                    RegisterRules.merge(now, theirs, holds, hasBytes)));
        }
        boolean complete = true;
        for (CompletableFuture<StepAnswer> one : merging) {
            complete &= await(one).status() != RegisterStatus.INCOMPLETE;
        }
        return complete;
    }

    private StepAnswer await(CompletableFuture<StepAnswer> future) throws PeerException {
        if (!runtime.await(future, DURABLE_WITHIN)) {
            throw new PeerException(Reason.FAILED, "the disk has not answered within " + DURABLE_WITHIN);
        }
        try {
            return future.join();
        } catch (CompletionException e) {
            throw new PeerException(Reason.FAILED, "the disk does not take it", e);
        }
    }
}
