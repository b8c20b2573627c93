package io.chordshare.register;

import io.chordshare.placement.Placement;
import io.chordshare.placement.View;
import io.chordshare.register.RegisterRequest.DigestReport;
import io.chordshare.register.RegisterRequest.GetDigests;
import io.chordshare.register.RegisterRequest.ViewNumber;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeriodicTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Anti-entropy: each member of a view compares digests with the others, and takes what is newer there. One message per
 * peer and round compares up to {@link RegisterRequest#MAX_SLOTS} slots; only slots that differ are listed.
 */
public final class SlotRepair {

    private static final Logger log = LoggerFactory.getLogger(SlotRepair.class);

    /** Slots whose missing bytes are fetched side by side. */
    private static final int MADE_WHOLE_AT_ONCE = 4;
    /** Names that a round settles; others follow. */
    private static final int SETTLED_AT_ONCE = 16;

    private final NodeRuntime runtime;
    private final RegisterClient client;
    private final Set<String> undecided = new LinkedHashSet<>();
    private Set<String> undecidedBefore = new LinkedHashSet<>();
    private final Placement placement;
    private final RegisterStore store;
    private final SlotPull pull;
    private final PeriodicTask task;
    private int next;

    public SlotRepair(NodeRuntime runtime, Placement placement, RegisterStore store, BlockSource blocks,
                      RegisterClient client) {
        this.runtime = runtime;
        this.client = client;
        this.placement = placement;
        this.store = store;
        this.pull = new SlotPull(runtime, placement, store, blocks, this::noteUndecided);
        this.task = new PeriodicTask("compare slots", runtime, this::run);
    }

    public PeriodicTask task() {
        return task;
    }

    private void noteUndecided(String name) {
        synchronized (undecided) {
            if (undecided.size() < SETTLED_AT_ONCE) {
                undecided.add(name);
            }
        }
    }

    /**
     * Writes the newest record above the promise that keeps a member from taking it. Who got the promise has a round to
     * make use of it.
     */
    private void settle() {
        List<String> names;
        synchronized (undecided) {
            names = undecided.stream().filter(undecidedBefore::contains).toList();
            undecidedBefore = new LinkedHashSet<>(undecided);
            undecided.clear();
        }
        for (String name : names) {
            try {
                client.settle(name);
            } catch (UnavailableException e) {
                log.debug("{} is not settled yet: {}", name, e.getMessage());
            }
        }
    }

    private void run() {
        Map<Peer, List<View>> shared = new LinkedHashMap<>();
        List<View> seen = new ArrayList<>();
        int count = placement.slots().count();
        int last = next;
        for (int i = 0; i < count; i++) {
            int slot = (next + i) % count;
            View view = placement.known(slot).filter(known -> placement.serves(slot, known.number())).orElse(null);
            if (view != null) {
                seen.add(view);
                if (!add(view, shared)) {
                    break;
                }
            }
            last = slot;
        }
        next = (last + 1) % count;
        List<PeerCall<Boolean>> calls = new ArrayList<>();
        shared.forEach((peer, views) -> calls.add(() -> compare(peer, views)));
        runtime.gather(calls);
        runtime.gather(seen.stream().filter(view -> !store.incomplete(view.slot(),
                view.rankOf(placement.self()), 1).isEmpty()).limit(MADE_WHOLE_AT_ONCE)
                .<PeerCall<Boolean>>map(view -> () -> pull.makeWhole(view, null)).toList());
        settle();
    }

    /** Whether there is still room for another slot. */
    private boolean add(View view, Map<Peer, List<View>> shared) {
        boolean full = false;
        for (Peer member : view.members()) {
            if (!member.id().equals(placement.self())) {
                List<View> views = shared.computeIfAbsent(member, key -> new ArrayList<>());
                views.add(view);
                full |= views.size() == RegisterRequest.MAX_SLOTS;
            }
        }
        return !full;
    }

    private boolean compare(Peer member, List<View> views) throws PeerException {
        Peer peer = placement.newest(member);
        List<DigestReport> reports = runtime.call(peer, new GetDigests(views.stream()
                .map(view -> new ViewNumber(view.slot(), view.number())).toList())).reports();
        List<View> missed = new ArrayList<>();
        for (int i = 0; i < Math.min(views.size(), reports.size()); i++) {
            View view = views.get(i);
            DigestReport report = reports.get(i);
            if (report.activated() < view.number()) {
                missed.add(view);
            }
            if (report.slot() == view.slot() && report.activated() == view.number()
                    && !report.digest().equals(store.digest(view.slot()))) {
                boolean whole = pull.pull(peer, view, null);
                log.debug("slot {} differed at {}; {}", view.slot(), peer, whole ? "equal now" : "bytes are missing");
            }
        }
        placement.tell(peer, missed);
        return true;
    }
}
