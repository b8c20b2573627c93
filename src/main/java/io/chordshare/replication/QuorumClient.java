package io.chordshare.replication;

import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.ReadRecord;
import io.chordshare.replication.ReplicaRequest.ReplicaState;
import io.chordshare.replication.ReplicaRequest.WriteRecord;
import io.chordshare.replication.ReplicaRequest.Written;
import io.chordshare.ring.lookup.OwnerSet;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.PutOutcome;
import io.chordshare.storage.model.Version;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes records at a majority of an owner set. Two majorities of one set share a member, so a read sees
 * every acknowledged write. {@link #write} decides when an upload is acknowledged.
 */
public final class QuorumClient {

    private final NodeRuntime runtime;
    private final Plausibility plausibility;

    QuorumClient(NodeRuntime runtime) {
        this.runtime = runtime;
        this.plausibility = new Plausibility(runtime);
    }

    /** What one member said. */
    record Reply(Peer member, ReplicaState state) {}

    /**
     * What the members said.
     *
     * @param set     who was asked
     * @param replies who answered, and what
     */
    record Reading(OwnerSet set, List<Reply> replies) {

        /** Whether enough members that have caught up answered. */
        boolean decisive() {
            return isDecisive(set, replies);
        }

        Version newest() {
            return replies.stream().map(reply -> reply.state().version()).max(Version::compareTo)
                    .orElse(Version.NONE);
        }

        boolean newestIsDeleted() {
            return having(newest()).stream().anyMatch(reply -> reply.state().deleted());
        }

        List<Reply> having(Version version) {
            return replies.stream().filter(reply -> reply.state().version().equals(version)).toList();
        }

        /** Who has all bytes of the newest version. */
        List<Peer> holders() {
            return having(newest()).stream().filter(reply -> reply.state().complete()).map(Reply::member).toList();
        }
    }

    /** How a write ended. */
    sealed interface Writing {

        /** Durable at enough members: the write is acknowledged. */
        record Accepted(List<Peer> members) implements Writing {}

        /** Another writer wrote a newer version meanwhile. */
        record Overtaken(Version by) implements Writing {}

        /** Too few members stored it. The write may have happened or not. */
        record TooFew(boolean diskFull, String why) implements Writing {}
    }

    /** Asks all members and returns once a majority that has caught up answered, or nobody is left to answer. */
    Reading read(OwnerSet set) {
        List<PeerCall<Reply>> calls = new ArrayList<>();
        AskStates question = new AskStates(List.of(set.key().toString()));
        for (Peer member : set.members()) {
            calls.add(() -> reply(member, question));
        }
        return new Reading(set,
                Outcome.answers(runtime.gather(calls, sofar -> isDecisive(set, Outcome.answers(sofar)))));
    }

    private Reply reply(Peer member, AskStates question) throws PeerException {
        ReplicaState state = question.statesIn(runtime.call(member, question)).getFirst();
        if (!plausibility.explains(Version.NONE, state.version())) {
            throw new PeerException(Reason.FAILED, member + " reports a counter that no writer can have reached");
        }
        return new Reply(member, state);
    }

    private static boolean isDecisive(OwnerSet set, List<Reply> replies) {
        return replies.stream().filter(reply -> reply.state().current()).count() >= set.majority();
    }

    /** The whole record of {@code version} or a newer one, from any member that has it. */
    Optional<FileRecord> fetch(String key, Version version, Collection<Peer> from) {
        for (Peer peer : from) {
            try {
                FileRecord record = runtime.call(peer, new ReadRecord(key));
                if (record.key().equals(key) && !version.isNewerThan(record.version())) {
                    return Optional.of(record);
                }
            } catch (PeerException e) {
                continue; // the next one has it, too
            }
        }
        return Optional.empty();
    }

    /**
     * Writes to all members.
     *
     * @param completeAt number of members with the record that must also have all its bytes; 0 when only the record
     *                   counts
     * @param upload whose blocks the record names, or null
     */
    Writing write(OwnerSet set, FileRecord record, int completeAt, @Nullable String upload) {
        int holders = completeAt == 0 ? 0 : Math.min(record.copies().count(), set.members().size());
        // those with the bytes first: the others must not take a record that they refuse
        List<Outcome<Answer>> outcomes = new ArrayList<>(send(set, record, upload, 0, holders));
        if (took(outcomes).filter(answer -> answer.written().complete()).count() >= completeAt) {
            outcomes.addAll(send(set, record, upload, holders, set.members().size()));
        }
        List<Answer> took = took(outcomes).toList();
        long complete = took.stream().filter(answer -> answer.written().complete()).count();
        if (took.size() >= set.majority() && complete >= completeAt) {
            return new Writing.Accepted(took.stream().map(Answer::member).toList());
        }
        Optional<Version> newer = Outcome.answers(outcomes).stream()
                .filter(answer -> answer.written().outcome() == PutOutcome.STALE)
                .map(answer -> answer.written().current())
                .filter(current -> plausibility.explains(record.version(), current)).max(Version::compareTo);
        if (newer.isPresent()) {
            return new Writing.Overtaken(newer.get());
        }
        return tooFew(set, outcomes, took.size(), complete);
    }

    private List<Outcome<Answer>> send(OwnerSet set, FileRecord record, @Nullable String upload, int from, int to) {
        List<PeerCall<Answer>> calls = new ArrayList<>();
        for (int rank = from; rank < to; rank++) {
            Peer member = set.members().get(rank);
            boolean wanted = record.copies().wantedAt(rank) && !record.deleted();
            calls.add(() -> new Answer(member, runtime.call(member, new WriteRecord(record, wanted, upload))));
        }
        return calls.isEmpty() ? List.of() : runtime.gather(calls);
    }

    private static Stream<Answer> took(List<Outcome<Answer>> outcomes) {
        return Outcome.answers(outcomes).stream().filter(answer -> answer.written().outcome().isHere());
    }

    private record Answer(Peer member, Written written) {}

    private static Writing tooFew(OwnerSet set, List<Outcome<Answer>> outcomes, int took, long complete) {
        List<PeerException> failures = outcomes.stream().flatMap(outcome ->
                outcome instanceof Outcome.Failed<Answer>(PeerException reason) ? Stream.of(reason) : Stream.empty())
                .toList();
        boolean diskFull = failures.stream().anyMatch(failure -> failure.reason() == Reason.DISK_FULL);
        String why = failures.stream().map(PeerException::getMessage).collect(Collectors.joining("; "));
        return new Writing.TooFew(diskFull, took + " of " + set.members().size() + " stored the record, " + complete
                + " of them with all bytes" + (why.isEmpty() ? "" : ": " + why));
    }
}
