package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.placement.Placement;
import io.chordshare.placement.View;
import io.chordshare.register.GaveUpException;
import io.chordshare.register.RegisterClient;
import io.chordshare.register.RegisterClient.Found;
import io.chordshare.register.UnavailableException;
import io.chordshare.register.UnavailableException.Reason;
import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.ReadRecord;
import io.chordshare.replication.ReplicaRequest.ReplicaState;
import io.chordshare.ring.RingNode;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The records of files, from any node of the ring: reads and writes are linearizable for each name. While views change,
 * they wait for a few seconds instead of failing. A request of several steps is {@linkplain #inOneRing of one ring}: a
 * node that leaves meanwhile is another ring, which knows nothing of the file.
 */
public final class FileRegister {

    /** As long as a register waits for a view. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOKS_EVERY = Duration.ofMillis(50);

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final Placement placement;
    private final RegisterClient registers;
    private final Supplier<List<Peer>> members;

    public FileRegister(NodeRuntime runtime, RingNode ring, Replication replication) {
        this.runtime = runtime;
        this.ring = ring;
        this.placement = replication.placement();
        this.registers = replication.registers();
        this.members = replication.members()::now;
    }

    /** Makes the record that follows what is there. */
    @FunctionalInterface
    public interface Proposal {

        /**
         * @param current the file as it is; empty when there is none
         * @param next    what the next record must say of itself
         */
        FileRecord after(Optional<FileRecord> current, NextRecord next);
    }

    /**
     * The newest record at any node that answers. It may be older than the last acknowledged one.
     *
     * @param holders nodes that have all its bytes
     */
    public record AnyCopy(Optional<FileRecord> record, List<Peer> holders) {}

    /** @throws UnavailableException when no node answers, or none that has it while others are silent */
    public AnyCopy findAny(String name) throws UnavailableException {
        String key = ChordId.ofName(name).toString();
        AskStates question = new AskStates(List.of(key));
        List<PeerCall<Holding>> calls = new ArrayList<>();
        for (Peer peer : members.get()) {
            calls.add(() -> new Holding(peer, question.statesIn(runtime.call(peer, question)).getFirst()));
        }
        List<Holding> holdings = Outcome.answers(runtime.gather(calls));
        boolean allAnswer = holdings.size() == calls.size();
        if (holdings.isEmpty()) {
            throw new UnavailableException(Reason.NOT_A_MEMBER, "no node of a ring answers");
        }
        Version newest = holdings.stream().map(holding -> holding.state().version()).max(Version::compareTo)
                .orElse(Version.NONE);
        List<Holding> having = holdings.stream().filter(holding -> holding.state().version().equals(newest)).toList();
        Optional<FileRecord> record = newest.equals(Version.NONE) ? Optional.empty() : fetch(key, newest, having);
        if (record.isEmpty() && !(newest.equals(Version.NONE) && allAnswer)) {
            // those that have it may be the ones that do not answer
            throw new UnavailableException(Reason.NO_COPY, "no node that answers has the file, and not all answer");
        }
        return new AnyCopy(record, having.stream().filter(holding -> holding.state().complete())
                .map(Holding::peer).toList());
    }

    /** What one node has of one key. */
    record Holding(Peer peer, ReplicaState state) {}

    private Optional<FileRecord> fetch(String key, Version version, List<Holding> from) {
        List<PeerCall<FileRecord>> calls = new ArrayList<>();
        from.forEach(holding -> calls.add(() -> {
            FileRecord record = runtime.call(holding.peer(), new ReadRecord(key));
            if (!record.key().equals(key) || version.isNewerThan(record.version())) {
                throw new PeerException(PeerException.Reason.FAILED, "another record than was asked for");
            }
            return record;
        }));
        return runtime.gather(calls, outcomes -> !Outcome.answers(outcomes).isEmpty()).stream()
                .flatMap(outcome -> outcome.value().stream()).findFirst();
    }

    /**
     * Writes a record again that a majority has lost, or lacks the bytes of, unless something newer is there.
     *
     * @param holders nodes that have its bytes
     * @throws GaveUpException      when something newer is there
     * @throws UnavailableException when too few nodes take it
     */
    void restore(FileRecord record, List<Peer> holders) throws UnavailableException {
        registers.updateFrom(record.name(), (before, next) -> {
            if (before.filter(there -> there.version().isNewerThan(record.version())).isPresent()) {
                throw new GaveUpException("something newer is there");
            }
            return RingRecovery.following(record, next);
        }, holders);
    }

    private RegisterClient.Proposal dated(Proposal proposal) {
        return (before, next) -> proposal.after(before.filter(record -> !record.deleted()),
                NextRecord.after(next, runtime.wallClock(), before.stream().map(this::dateOf).toList()));
    }

    private NextRecord.Before dateOf(FileRecord record) {
        return new NextRecord.Before(record.modified(), record.version().writer().startsWith(placement.self() + ":"));
    }

    /**
     * From now on, for one request.
     *
     * @throws UnavailableException when this node is in no ring
     */
    public InOneRing inOneRing() throws UnavailableException {
        requireMember();
        return new InOneRing(ring.state().ringId());
    }

    private void requireMember() throws UnavailableException {
        if (!ring.state().status().isMember()) {
            throw new UnavailableException(Reason.NOT_A_MEMBER, "this node is not a member of a ring yet");
        }
    }

    /** Something to do with registers. */
    @FunctionalInterface
    private interface Work<T> {

        T run() throws UnavailableException;
    }

    /** The records of the files of one ring, as long as this node is in it. */
    public final class InOneRing {

        private final @Nullable String ringId;

        private InOneRing(@Nullable String ringId) {
            this.ringId = ringId;
        }

        /**
         * The nodes that answer for a name, the owner first.
         *
         * @throws UnavailableException when none is known within some seconds
         */
        public List<Peer> members(String name) throws UnavailableException {
            requireSameRing();
            Duration deadline = runtime.uptime().plus(PATIENCE);
            while (true) {
                int slot = placement.slots().ofName(name);
                Optional<View> view = placement.known(slot).or(() -> placement.find(slot));
                if (view.isPresent()) {
                    return view.get().members().stream().map(placement::newest).toList();
                }
                if (runtime.uptime().compareTo(deadline) > 0) {
                    throw new UnavailableException(Reason.NO_VIEW,
                            "this node knows of no node that answers for the file");
                }
                runtime.sleep(LOOKS_EVERY);
            }
        }

        /** As {@link #members}, but the ring is asked first: what this node remembers may be outdated. */
        public List<Peer> membersAsTheRingSays(String name) throws UnavailableException {
            requireSameRing();
            placement.find(placement.slots().ofName(name));
            return members(name);
        }

        /**
         * The newest record of a name.
         *
         * @throws UnavailableException when no majority of its view answers
         */
        public Found find(String name) throws UnavailableException {
            return run(() -> registers.read(name));
        }

        /**
         * Writes a record, whatever is there. When this returns, it is durable at a majority of its view.
         *
         * @param sources nodes that have the bytes; empty when the record carries them
         * @throws UnavailableException when too few nodes take it; it may have happened or not
         */
        public FileRecord write(String name, Proposal proposal, List<Peer> sources) throws UnavailableException {
            return run(() -> registers.write(name, dated(proposal), sources));
        }

        /** As {@link #write}, but nothing comes between what the proposal sees and what it makes. */
        public FileRecord update(String name, Proposal proposal, List<Peer> sources) throws UnavailableException {
            return run(() -> registers.update(name, dated(proposal), sources));
        }

        private <T> T run(Work<T> work) throws UnavailableException {
            requireSameRing();
            try {
                T result = work.run();
                requireSameRing();
                return result;
            } catch (GaveUpException e) {
                // what another ring has is no reason
                requireSameRing();
                throw e;
            }
        }

        private void requireSameRing() throws UnavailableException {
            requireMember();
            if (!Objects.equals(ringId, ring.state().ringId())) {
                throw new UnavailableException(Reason.NOT_A_MEMBER, "this node has entered another ring meanwhile");
            }
        }
    }
}
