package io.chordshare.ring;

import io.chordshare.id.ChordId;
import io.chordshare.ring.detector.FailureDetector;
import io.chordshare.ring.membership.PassiveList;
import io.chordshare.ring.protocol.RingRequest;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.ring.protocol.StepQueue;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeriodicTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What people can read about a node: its background work, its suspicions, and what its peers report of themselves. */
public final class RingInspection {

    /** A person waits for the answer, so a silent peer must not delay it. */
    private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(1);

    private final NodeRuntime runtime;
    private final StepQueue steps;
    private final PassiveList passive;
    private final FailureDetector detector;
    private final Maintenance maintenance;

    RingInspection(NodeRuntime runtime, StepQueue steps, PassiveList passive, FailureDetector detector,
            Maintenance maintenance) {
        this.runtime = runtime;
        this.steps = steps;
        this.passive = passive;
        this.detector = detector;
        this.maintenance = maintenance;
    }

    /** The status that each of {@code peers} reports. Peers that do not answer are left out. */
    public Map<ChordId, RingStatus> statusOf(List<Peer> peers) {
        List<PeerCall<RingRequest.Pong>> calls = new ArrayList<>();
        peers.forEach(peer -> calls.add(() ->
                detector.ask(peer, new RingRequest.Ping(), STATUS_TIMEOUT)));
        Map<ChordId, RingStatus> answering = new TreeMap<>();
        Outcome.answers(runtime.gather(calls)).forEach(pong -> answering.put(pong.self().id(), pong.status()));
        return answering;
    }

    /**
     * The pointers that {@code peer} reports.
     *
     * @throws PeerException when it does not answer, or is not a member
     */
    public RingRequest.Pointers pointersOf(Peer peer) throws PeerException {
        return runtime.call(peer, new RingRequest.GetPointers(), STATUS_TIMEOUT);
    }

    /** The background tasks, with their progress. */
    public List<PeriodicTask> background() {
        return maintenance.background();
    }

    /**
     * The state of the failure detector, for people to read.
     *
     * @param suspected    neighbours that are silent and not declared dead yet
     * @param lost         peers that went silent; this node asks them at growing intervals whether they are back
     * @param healthFactor factor for all suspicion timeouts of this node; 1 when it is in good health
     */
    public record Watch(List<ChordId> suspected, List<Peer> lost, int healthFactor) {}

    /** The suspected and the lost peers of this node. */
    public Watch watch() {
        return new Watch(detector.suspicions().suspects().stream().map(RingRequest.Suspect::id).toList(), passive.all(),
                detector.healthFactor());
    }

    /** Progress of the step queue. */
    public StepQueue.Progress steps() {
        return steps.progress();
    }
}
