package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.placement.Placement;
import io.chordshare.placement.View;
import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.ReadRecord;
import io.chordshare.replication.ReplicaRequest.ReplicaState;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Quorum;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Version;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks hints against a majority of the view of a file. A hint is what a node says about a file it is not responsible
 * for, in news or in its index; it may be forged or outdated. Files of one owner share a request.
 */
public final class MajorityLines {

    private static final Logger log = LoggerFactory.getLogger(MajorityLines.class);

    /** Owner sets that are asked side by side. */
    private static final int SETS_AT_ONCE = 8;

    private final NodeRuntime runtime;
    private final Placement placement;

    MajorityLines(NodeRuntime runtime, Placement placement) {
        this.runtime = runtime;
        this.placement = placement;
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
        groups(hints, all.undecided()).forEach((members, group) -> {
            for (int from = 0; from < group.size(); from += AskStates.MAX_KEYS) {
                List<Asked> some = group.subList(from, Math.min(group.size(), from + AskStates.MAX_KEYS));
                calls.add(() -> ask(members, some));
            }
        });
        for (int from = 0; from < calls.size(); from += SETS_AT_ONCE) {
            List<PeerCall<Checked>> some = calls.subList(from, Math.min(calls.size(), from + SETS_AT_ONCE));
            Outcome.answers(runtime.gather(some)).forEach(all::add);
        }
        return all;
    }

    /** A hint, and the number of the view that answers for its file. */
    private record Asked(FileEntry hint, long view) {}

    /** Files of which the same nodes answer share a request. */
    private Map<List<Peer>, List<Asked>> groups(List<FileEntry> hints, List<FileEntry> undecided) {
        Map<List<Peer>, List<Asked>> groups = new LinkedHashMap<>();
        Map<Integer, Optional<View>> views = new TreeMap<>();
        for (FileEntry hint : hints) {
            Optional<View> view = views.computeIfAbsent(placement.slots().of(ChordId.parse(hint.key())),
                    slot -> placement.known(slot).or(() -> placement.find(slot)));
            if (view.isPresent()) {
                groups.computeIfAbsent(view.get().members(), key -> new ArrayList<>())
                        .add(new Asked(hint, view.get().number()));
            } else {
                log.debug("who answers for {} is not known", hint.key());
                undecided.add(hint);
            }
        }
        return groups;
    }

    /** What one member said of each key, in the order of the question. */
    private record Answer(Peer member, List<ReplicaState> states) {}

    private Checked ask(List<Peer> members, List<Asked> asked) {
        AskStates question = new AskStates(asked.stream().map(one -> one.hint().key()).toList(), true,
                asked.stream().map(Asked::view).toList());
        int majority = Quorum.majorityOf(members.size());
        List<PeerCall<Answer>> calls = new ArrayList<>();
        for (Peer member : members) {
            calls.add(() -> new Answer(member, question.statesIn(runtime.call(placement.newest(member), question))));
        }
        List<Answer> answers = Outcome
                .answers(runtime.gather(calls, sofar -> isDecided(majority, Outcome.answers(sofar))));
        Checked checked = new Checked();
        for (int i = 0; i < asked.size(); i++) {
            FileEntry hint = asked.get(i).hint();
            Verdict verdict = verdict(majority, answers, i);
            if (!verdict.decided()) {
                checked.undecided().add(hint);
            } else if (verdict.newest().equals(Version.NONE)) {
                checked.refuted().add(hint);
            } else {
                line(verdict, hint).ifPresentOrElse(checked.lines()::add, () -> checked.undecided().add(hint));
            }
        }
        if (!checked.undecided().isEmpty()) {
            // the view may be another one by now; one of the group is enough for one round
            placement.find(placement.slots().of(ChordId.parse(checked.undecided().getFirst().key())));
        }
        return checked;
    }

    private boolean isDecided(int majority, List<Answer> answers) {
        return !answers.isEmpty() && IntStream.range(0, answers.getFirst().states().size())
                .allMatch(key -> verdict(majority, answers, key).decided());
    }

    /** @param having who has the newest version */
    private record Verdict(boolean decided, Version newest, List<Answer> having, int key) {}

    /** Two majorities share a member, so what no member of one majority has was never acknowledged. */
    private Verdict verdict(int majority, List<Answer> answers, int key) {
        List<Answer> counted = answers.stream().filter(answer -> answer.states().get(key).version()
                .isExplainedBy(Version.NONE, runtime.wallClock())).toList();
        long current = counted.stream().filter(answer -> answer.states().get(key).current()).count();
        Version newest = counted.stream().map(answer -> answer.states().get(key).version()).max(Version::compareTo)
                .orElse(Version.NONE);
        List<Answer> having = counted.stream().filter(answer -> answer.states().get(key).version().equals(newest))
                .toList();
        return new Verdict(current >= majority && having.size() >= majority, newest, having, key);
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
