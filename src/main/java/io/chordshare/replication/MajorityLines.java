package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.ReadRecord;
import io.chordshare.replication.ReplicaRequest.ReplicaState;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.lookup.OwnerSet;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks hints against a majority of a file's owner set. A hint is what a node says about a file it is not responsible
 * for, in news or in its index; it may be forged or outdated. Files of one owner share a request.
 */
public final class MajorityLines {

    private static final Logger log = LoggerFactory.getLogger(MajorityLines.class);

    /** Owner sets that are asked side by side. */
    private static final int SETS_AT_ONCE = 8;

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final FilesSettings settings;
    private final Plausibility plausibility;

    MajorityLines(NodeRuntime runtime, RingNode ring, FilesSettings settings) {
        this.runtime = runtime;
        this.ring = ring;
        this.settings = settings;
        this.plausibility = new Plausibility(runtime);
    }

    /**
     * What came of some hints. Each hint leads to one of these.
     *
     * @param lines     what is true of the files, whatever the hints said
     * @param refuted   hints about files of which the majority has nothing
     * @param undecided hints about files of which no majority answers, or is of one mind, at this moment
     */
    record Checked(List<FileEntry> lines, List<FileEntry> refuted, List<FileEntry> undecided) {

        Checked() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        private void add(Checked other) {
            lines.addAll(other.lines);
            refuted.addAll(other.refuted);
            undecided.addAll(other.undecided);
        }
    }

    Checked check(List<FileEntry> hints) {
        Checked all = new Checked();
        List<PeerCall<Checked>> calls = new ArrayList<>();
        for (Group group : groups(hints, all.undecided())) {
            for (int from = 0; from < group.hints().size(); from += AskStates.MAX_KEYS) {
                int to = Math.min(group.hints().size(), from + AskStates.MAX_KEYS);
                List<FileEntry> some = group.hints().subList(from, to);
                calls.add(() -> ask(group.owners(), some));
            }
        }
        for (int from = 0; from < calls.size(); from += SETS_AT_ONCE) {
            List<PeerCall<Checked>> some = calls.subList(from, Math.min(calls.size(), from + SETS_AT_ONCE));
            Outcome.answers(runtime.gather(some)).forEach(all::add);
        }
        return all;
    }

    /** Files of one owner set. */
    private record Group(OwnerSet owners, List<FileEntry> hints) {

        /** Whatever lies between a key and its owner has the same owner. */
        private boolean takes(ChordId key) {
            ChordId owner = owners.owner().id();
            return key.equals(owners.key())
                    || !owners.key().equals(owner) && new RingInterval(owners.key(), owner).contains(key);
        }
    }

    private List<Group> groups(List<FileEntry> hints, List<FileEntry> undecided) {
        List<Group> groups = new ArrayList<>();
        for (FileEntry hint : hints.stream().sorted(Comparator.comparing(FileEntry::key)).toList()) {
            ChordId key = ChordId.parse(hint.key());
            try {
                if (groups.isEmpty() || !groups.getLast().takes(key)) {
                    groups.add(new Group(ring.ownerSet(key, settings.ownerSet()), new ArrayList<>()));
                }
                groups.getLast().hints().add(hint);
            } catch (LookupFailedException e) {
                log.debug("who answers for {} is not known: {}", hint.key(), e.getMessage());
                undecided.add(hint);
            }
        }
        return groups;
    }

    /** What one member said of each key, in the order of the question. */
    private record Answer(Peer member, List<ReplicaState> states) {}

    private Checked ask(OwnerSet owners, List<FileEntry> hints) {
        AskStates question = new AskStates(hints.stream().map(FileEntry::key).toList(), true);
        List<PeerCall<Answer>> calls = new ArrayList<>();
        for (Peer member : owners.members()) {
            calls.add(() -> new Answer(member, question.statesIn(runtime.call(member, question))));
        }
        List<Answer> answers = Outcome
                .answers(runtime.gather(calls, sofar -> isDecided(owners, Outcome.answers(sofar))));
        Checked checked = new Checked();
        for (int i = 0; i < hints.size(); i++) {
            Verdict verdict = verdict(owners, answers, i);
            if (!verdict.decided()) {
                checked.undecided().add(hints.get(i));
            } else if (verdict.newest().equals(Version.NONE)) {
                checked.refuted().add(hints.get(i));
            } else {
                FileEntry hint = hints.get(i);
                line(verdict, hint).ifPresentOrElse(checked.lines()::add, () -> checked.undecided().add(hint));
            }
        }
        return checked;
    }

    private boolean isDecided(OwnerSet owners, List<Answer> answers) {
        return !answers.isEmpty() && IntStream.range(0, answers.getFirst().states().size())
                .allMatch(key -> verdict(owners, answers, key).decided());
    }

    /** @param having who has the newest version */
    private record Verdict(boolean decided, Version newest, List<Answer> having, int key) {}

    /** Two majorities share a member, so what no member of one majority has was never acknowledged. */
    private Verdict verdict(OwnerSet owners, List<Answer> answers, int key) {
        List<Answer> counted = answers.stream().filter(answer -> plausibility.explains(Version.NONE,
                answer.states().get(key).version())).toList();
        long current = counted.stream().filter(answer -> answer.states().get(key).current()).count();
        Version newest = counted.stream().map(answer -> answer.states().get(key).version()).max(Version::compareTo)
                .orElse(Version.NONE);
        List<Answer> having = counted.stream().filter(answer -> answer.states().get(key).version().equals(newest))
                .toList();
        return new Verdict(current >= owners.majority() && having.size() >= owners.majority(), newest, having, key);
    }

    /** The line that they agree on. A member of an older version gives none: then the hint will do, if it is right. */
    private Optional<FileEntry> line(Verdict verdict, FileEntry hint) {
        List<ReplicaState> states = verdict.having().stream().map(answer -> answer.states().get(verdict.key()))
                .toList();
        List<FileEntry> lines = states.stream().map(ReplicaState::line).filter(Objects::nonNull).distinct().toList();
        if (lines.size() > 1) {
            log.warn("the members that answer for key {} tell different things of one version of it", hint.key());
            return Optional.empty();
        }
        if (lines.size() == 1) {
            return Optional.of(lines.getFirst());
        }
        boolean right = hint.version().equals(verdict.newest()) && hint.deleted() == states.getFirst().deleted();
        return right ? Optional.of(hint) : read(verdict, hint.key());
    }

    private Optional<FileEntry> read(Verdict verdict, String key) {
        for (Answer answer : verdict.having()) {
            try {
                FileRecord record = runtime.call(answer.member(), new ReadRecord(key));
                if (record.key().equals(key) && record.version().equals(verdict.newest())) {
                    return Optional.of(record.entry());
                }
            } catch (PeerException e) {
                log.debug("record of key {} not from {}: {}", key, answer.member(), e.getMessage());
            }
        }
        return Optional.empty();
    }
}
