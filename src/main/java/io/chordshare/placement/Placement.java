package io.chordshare.placement;

import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.placement.PlacementRequest.GetSlots;
import io.chordshare.placement.PlacementRequest.SlotReport;
import io.chordshare.placement.PlacementRequest.SlotReports;
import io.chordshare.ring.RingListener;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.lookup.OwnerSet;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeriodicTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Which nodes answer for each slot, as this node knows it, and what keeps that in line with the ring. */
public final class Placement {

    private static final Duration ENTERS_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOKS_EVERY = Duration.ofMillis(50);

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final Settings settings;
    private final SlotTable table;
    private final Neighbourhood neighbourhood;
    private final PlacementAnswers answers;
    private final SlotContents contents;
    private final ViewReminder reminder;
    private final ViewChanges changes;
    private final Activation activation;
    private final SlotDrops drops;
    private final ViewRecovery recovery;
    private final List<PeriodicTask> tasks;
    private final PeriodicTask activating;
    private final PeriodicTask entering;
    /**
     * The ring that this node has made; null when others have made its ring. A node that others have left alone has not
     * made one: they may come back with views. Nor has one whose ring has got the name of another ring by a merge.
     */
    private volatile @Nullable String founded;
    private @Nullable ViewDeparture departure;
    private volatile boolean hasAbandoned;

    /**
     * What a person may set.
     *
     * @param members     nodes in a view; fewer in smaller rings
     * @param repairAfter how long a dead node keeps its place: most come back
     */
    public record Settings(int members, Duration repairAfter) {

        public Settings {
            if (members < 1 || members > View.MAX_MEMBERS) {
                throw new IllegalArgumentException("a view has 1 to " + View.MAX_MEMBERS + " members, not " + members);
            }
        }
    }

    /** Makes the contents of slots from the placement that they belong to. */
    public interface Contents {

        SlotContents of(Placement placement);
    }

    public Placement(NodeRuntime runtime, RingNode ring, Function<String, Slots> slotsOf, Settings settings,
                     ViewStore store, Contents contents) {
        this.runtime = runtime;
        this.ring = ring;
        this.settings = settings;
        table = new SlotTable(runtime, store, ring::state, slotsOf);
        neighbourhood = new Neighbourhood(runtime, ring, table, settings);
        this.contents = contents.of(this);
        reminder = new ViewReminder(runtime, table, neighbourhood);
        drops = new SlotDrops(runtime, table, this.contents, reminder);
        activation = new Activation(runtime, table, this.contents);
        changes = new ViewChanges(runtime, table, neighbourhood, this.contents, reminder, drops, activation);
        recovery = new ViewRecovery(runtime, ring, table, neighbourhood, reminder);
        answers = new PlacementAnswers(this, table, neighbourhood, changes, drops, recovery, this.contents);
        activating = new PeriodicTask("activate slots", runtime, activation::run);
        entering = new PeriodicTask("enter the slots of a ring", runtime, this::enterRing);
        tasks = List.of(entering, activating, new PeriodicTask("change views", runtime, changes::run),
                new PeriodicTask("finish changes of views", runtime, changes::finishSealed),
                new PeriodicTask("drop slots", runtime, drops::run),
                new PeriodicTask("remind owners of slots", runtime,
                        new OwnerReminder(ring, table, reminder)::run));
        ring.listen(new RingListener() {
            @Override
            public void changed(RingState before, RingState after) {
                boolean entered = !Objects.equals(before.ringId(), after.ringId());
                if (entered || before.status() == RingStatus.JOINING) {
                    boolean made = after.status() == RingStatus.ALONE && before.status() != RingStatus.ALONE;
                    founded = made ? after.ringId() : null;
                }
                if (!Objects.equals(table.ring(), after.ringId())) {
                    table.leave();
                    entering.tickSoon();
                }
            }

            @Override
            public void gone(Peer peer, DepartureCause how) {
                // the next tick sees that the successors are others
            }
        });
    }

    /**
     * What waits, for people to look at.
     *
     * @param changing  slots that this node owns and whose members should change
     * @param activating slots in which this node is a member and does not answer yet
     * @param dropping  slots that this node still has for others
     * @param waits     what they wait for
     */
    public record Progress(int changing, int activating, int dropping, List<Wait> waits) {}

    /**
     * What some slots wait for.
     *
     * @param slots  how many
     * @param reason what must happen first, for people
     */
    public record Wait(int slots, String reason) {}

    public Progress progress() {
        List<Wait> waits = new ArrayList<>(changes.waiting() > 0 ? changes.waits() : List.of());
        if (activation.waiting() > 0) {
            waits.add(new Wait(activation.waiting(), "until this node has what was stored before it became a member"));
        }
        return new Progress(changes.waiting(), activation.waiting(), drops.waiting(), waits);
    }

    /** Whether members of this node's slots change, or this node has yet to catch up. */
    public boolean isMoving() {
        return changes.waiting() > 0 || activation.waiting() > 0;
    }

    /** Background work. */
    public List<PeriodicTask> tasks() {
        return tasks;
    }

    /** Once a second. */
    public void tick() {
        if (ring.state().status().canServe()) {
            tasks.forEach(PeriodicTask::tick);
        }
    }

    private void enterRing() {
        RingState state = ring.state();
        String id = state.ringId();
        if (id == null || !state.status().canServe() || hasAbandoned) {
            return;
        }
        if (!id.equals(table.ring())) {
            table.enter(id, id.equals(founded));
        }
        // a new ring: its first node is the one member of every slot, also if others have joined meanwhile
        if (id.equals(founded) && id.equals(table.ring()) && table.isEmpty()) {
            learn(IntStream.range(0, table.count()).mapToObj(slot -> View.first(id, slot, state.self())).toList());
        }
    }

    /** The slots of the ring. */
    public Slots slots() {
        return table.slots();
    }

    /** Whether a view is one of the ring that this node is in. */
    public boolean isOfThisRing(View view) {
        return view.ring().equals(table.ring());
    }

    public ChordId self() {
        return table.self();
    }

    /** The newest view that this node has heard of; empty when it has heard of none. */
    public Optional<View> known(int slot) {
        return table.newest(slot);
    }

    /** Whether this node answers requests that name this view. */
    public boolean serves(int slot, long number) {
        return table.serves(slot, number);
    }

    /** Whether this node answers for a slot, may have done so, or may come to: it is in a view, or about to be. */
    public boolean mayAnswerFor(int slot) {
        return table.activated(slot) > 0 || drops.isLearning(slot)
                || table.newest(slot).filter(view -> !view.has(table.self())).isEmpty();
    }

    /** Whether nothing more is acknowledged in this view by this node. */
    public boolean isOver(int slot, long number) {
        return table.isOver(slot, number);
    }

    /** The last view in which this node has answered; 0 for none. */
    public long activated(int slot) {
        return table.activated(slot);
    }

    /**
     * Waits until every change of a view so far is durable.
     *
     * @throws PeerException when the disk does not take it
     */
    public void awaitSaved() throws PeerException {
        table.awaitSaved();
    }

    /** Takes up what others say is decided. */
    public void learn(List<View> decided) {
        if (!table.learn(decided).isEmpty()) {
            activating.tickSoon();
        }
    }

    /** The node at the address where it is now. */
    public Peer newest(Peer member) {
        return neighbourhood.newest(member);
    }

    /** Asks the ring who answers for a slot. */
    public Optional<View> find(int slot) {
        try {
            OwnerSet owners = ring.ownerSet(slots().start(slot), settings.members());
            GetSlots question = new GetSlots(List.of(slot));
            List<PeerCall<SlotReports>> calls = new ArrayList<>();
            owners.members().forEach(owner -> calls.add(() -> runtime.call(owner, question)));
            runtime.gather(calls, outcomes -> outcomes.stream().anyMatch(outcome -> outcome.value().stream()
                    .anyMatch(Placement::knowsAView))).forEach(outcome -> outcome.value().ifPresent(this::learn));
        } catch (LookupFailedException e) {
            // the caller waits for the ring, and asks again
            return table.newest(slot);
        }
        return table.newest(slot);
    }

    private static boolean knowsAView(SlotReports answer) {
        return answer.reports().stream().anyMatch(report -> report.view() != null);
    }

    private void learn(SlotReports answer) {
        learn(answer.reports().stream().map(SlotReport::view).filter(Objects::nonNull).toList());
    }

    /**
     * Answers a peer.
     *
     * @throws PeerException when it cannot be done, with the reason
     */
    public <A> A answer(PlacementRequest<A> request) throws PeerException {
        return answers.answer(request);
    }

    /** Somebody says that these are decided. */
    void hear(List<View> claimed) {
        hear(claimed, news -> false);
    }

    /** Somebody has got these decided. This node tries to catch up before it answers: the other one waits for that. */
    void takeUp(List<View> decided) {
        hear(decided, activation::activate);
    }

    private void hear(List<View> claimed, Predicate<List<View>> isActive) {
        List<View> news = claimed.stream().filter(table::isNews).toList();
        reminder.hear(news);
        // a witness may have told of a later one
        if (!news.isEmpty() && !isActive.test(news.stream().flatMap(view -> table.newest(view.slot()).stream())
                .toList())) {
            activating.tickSoon();
        }
    }

    /**
     * Gives every slot of this node to others, and waits until they have them.
     *
     * @return whether nobody needs this node any more; false when time is up
     */
    public boolean leave(Duration atMost) {
        ViewDeparture now;
        synchronized (this) {
            now = departure == null ? new ViewDeparture(runtime, this, table, neighbourhood) : departure;
            departure = now;
        }
        return now.leave(atMost);
    }

    /** Why nodes that this node has asked to take its slots take none: a person must do something. */
    public synchronized List<String> refusals() {
        return departure == null ? List.of() : departure.refusals();
    }

    /** Of this node's slots those that others do not hold yet. */
    public long slotsLeft() {
        return IntStream.range(0, table.count()).filter(slot -> table.activated(slot) > 0
                || table.newest(slot).filter(view -> view.has(table.self())).isPresent()).count();
    }

    /** From now on this node answers for nothing in its ring, whether others hold its slots or not. */
    public void abandon() {
        hasAbandoned = true;
        neighbourhood.leave();
    }

    /** This node does not leave after all. */
    public void stay() {
        synchronized (this) {
            departure = null;
        }
        neighbourhood.stay();
        hasAbandoned = false;
    }

    /**
     * Gives a new view to every slot that has lost a majority of its members for good. A person has said so: when the
     * others are only cut off, what they acknowledge meanwhile is set aside once they come back.
     */
    public ViewRecovery.Report recover() {
        Duration deadline = runtime.uptime().plus(ENTERS_WITHIN);
        while (!Objects.equals(table.ring(), ring.state().ringId()) && runtime.uptime().compareTo(deadline) < 0) {
            entering.tick();
            runtime.sleep(LOOKS_EVERY);
        }
        ViewRecovery.Report report = recovery.recover();
        activating.tickSoon();
        return report;
    }

    /** Tells a node of views that it has missed, in the background. One message at a time goes to a node. */
    public void tell(Peer node, List<View> views) {
        reminder.tell(node, views);
    }
}
