package io.chordshare.register;

import io.chordshare.id.ChordId;
import io.chordshare.placement.Placement;
import io.chordshare.placement.View;
import io.chordshare.register.RegisterRequest.GetRegisters;
import io.chordshare.register.RegisterRequest.ListSlot;
import io.chordshare.register.RegisterRequest.SlotPage;
import io.chordshare.register.RegisterStore.SlotLine;
import io.chordshare.register.RegisterStore.StepAnswer;
import io.chordshare.runtime.DiskAnswer;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.storage.model.FileRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Takes what another node has newer in one slot. Each register is durable before the next ones are asked for. */
final class SlotPull {

    private static final Duration DURABLE_WITHIN = Duration.ofSeconds(10);

    private final NodeRuntime runtime;
    private final Placement placement;
    private final RegisterStore store;
    private final BlockSource blocks;
    private final Consumer<String> undecided;

    /** @param undecided hears of names whose newer record elsewhere must not be taken: a reader has to settle it */
    SlotPull(NodeRuntime runtime, Placement placement, RegisterStore store, BlockSource blocks,
             Consumer<String> undecided) {
        this.runtime = runtime;
        this.placement = placement;
        this.store = store;
        this.blocks = blocks;
        this.undecided = undecided;
    }

    /**
     * @param view     the view of the slot that is made ready: this node's place in it decides which bytes belong here
     * @param deadline when to stop, to go on at the next call; null for no such time
     * @return whether this node has everything now that the peer had
     * @throws PeerException when the peer or this node's disk does not answer
     */
    boolean pull(Peer peer, View view, @Nullable Duration deadline) throws PeerException {
        int slot = view.slot();
        String after = null;
        boolean all = true;
        while (true) {
            SlotPage page = runtime.call(peer, new ListSlot(slot, after));
            checkOrder(page, after);
            List<String> wanted = page.lines().stream().filter(line -> isInSlot(line, slot) && isNews(line))
                    .map(SlotLine::key).toList();
            for (int from = 0; from < wanted.size(); from += RegisterRequest.MAX_REGISTERS) {
                if (deadline != null && runtime.uptime().compareTo(deadline) > 0) {
                    return false;
                }
                all &= take(peer, wanted.subList(from, Math.min(from + RegisterRequest.MAX_REGISTERS,
                        wanted.size())), view);
            }
            if (page.isLast()) {
                return all;
            }
            after = page.lines().getLast().key();
        }
    }

    private static void checkOrder(SlotPage page, @Nullable String after) throws PeerException {
        String before = after;
        for (SlotLine line : page.lines()) {
            if (before != null && line.key().compareTo(before) <= 0) {
                throw new PeerException(Reason.FAILED, "a page whose lines are not in order");
            }
            before = line.key();
        }
    }

    private boolean isInSlot(SlotLine line, int slot) {
        return placement.slots().of(ChordId.parse(line.key())) == slot;
    }

    private boolean isNews(SlotLine line) {
        Register here = store.read(line.key());
        return line.accepted().isNewerThan(here.accepted()) || line.promised().isNewerThan(here.promised());
    }

    private boolean take(Peer peer, List<String> keys, View view) throws PeerException {
        List<Register> registers = runtime.call(peer, new GetRegisters(keys)).registers();
        if (registers.size() != keys.size()) {
            throw new PeerException(Reason.FAILED, "other registers than those that were asked for");
        }
        List<CompletableFuture<StepAnswer>> merging = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            FileRecord record = registers.get(i).record();
            if (record != null && !record.key().equals(keys.get(i))) {
                throw new PeerException(Reason.FAILED, "the register of another name than was asked for");
            }
            merging.add(merge(keys.get(i), registers.get(i), view));
        }
        boolean complete = true;
        for (int i = 0; i < keys.size(); i++) {
            RegisterStatus status = durable(merging.get(i)).status();
            complete &= status != RegisterStatus.OTHER_VIEW;
            if (status == RegisterStatus.PROMISED_HIGHER) {
                undecided.accept(Objects.requireNonNull(registers.get(i).record()).name());
            }
            if (status == RegisterStatus.INCOMPLETE) {
                FileRecord record = Objects.requireNonNull(registers.get(i).record());
                boolean isWhole = blocks.fetch(record, sources(peer, view))
                        && durable(merge(keys.get(i), registers.get(i), view)).status() == RegisterStatus.DONE;
                // after a recovery the record is what is left: it tells which bytes are missing
                complete &= isWhole || view.beginsAfterRecovery()
                        && durable(keepWithoutBytes(keys.get(i), registers.get(i), view)).status()
                        == RegisterStatus.DONE;
            }
        }
        return complete;
    }

    private CompletableFuture<StepAnswer> merge(String key, Register theirs, View view) {
        int rank = view.rankOf(placement.self());
        boolean holds = rank >= 0 && theirs.record() != null && theirs.record().copies().wantedAt(rank);
        return store.step(key, (now, hasBytes) -> isStill(view)
                ? RegisterRules.merge(now, theirs, placement.serves(view.slot(), view.number()), holds, hasBytes)
                : StepAnswer.unchanged(RegisterStatus.OTHER_VIEW, now));
    }

    /**
     * Within the transaction: while bytes were fetched, another view may have come. What this node promises there must
     * not be passed over by a rule for those that do not serve yet.
     */
    private boolean isStill(View view) {
        return placement.isOfThisRing(view) && !placement.serves(view.slot(), view.number() + 1)
                && placement.known(view.slot()).filter(known -> known.number() > view.number()).isEmpty();
    }

    private CompletableFuture<StepAnswer> keepWithoutBytes(String key, Register theirs, View view) {
        return store.step(key, (now, hasBytes) -> isStill(view)
                ? RegisterRules.merge(now, theirs, placement.serves(view.slot(), view.number()), false, hasBytes)
                : StepAnswer.unchanged(RegisterStatus.OTHER_VIEW, now));
    }

    /**
     * Fetches the bytes that belong here by the view and are missing: the ranks of members change.
     *
     * @return whether none is missing now
     * @throws PeerException when this node's disk does not answer
     */
    boolean makeWhole(View view, @Nullable Duration deadline) throws PeerException {
        int rank = view.rankOf(placement.self());
        for (FileRecord record : store.incomplete(view.slot(), rank, RegisterRequest.MAX_LINES)) {
            if (deadline != null && runtime.uptime().compareTo(deadline) > 0) {
                return false;
            }
            // bytes that nobody has do not hold up those of other records
            blocks.fetch(record, sources(null, view));
            durable(store.step(record.key(), RegisterRules::lookForBytes));
        }
        return store.incomplete(view.slot(), rank, 1).isEmpty();
    }

    private StepAnswer durable(CompletableFuture<StepAnswer> step) throws PeerException {
        return DiskAnswer.await(runtime, step, DURABLE_WITHIN);
    }

    private List<Peer> sources(@Nullable Peer first, View view) {
        List<Peer> sources = new ArrayList<>();
        if (first != null) {
            sources.add(first);
        }
        Stream.concat(view.members().stream(), view.previous().stream())
                .filter(peer -> !peer.id().equals(placement.self()) && sources.stream().noneMatch(peer::sameNode))
                .map(placement::newest).forEach(sources::add);
        return sources;
    }
}
