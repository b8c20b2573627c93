package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.placement.Placement;
import io.chordshare.placement.ViewRecovery;
import io.chordshare.register.GaveUpException;
import io.chordshare.register.UnavailableException;
import io.chordshare.replication.FileRegister.AnyCopy;
import io.chordshare.ring.RingNode;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Version;
import io.chordshare.storage.records.FileIndex;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the slots of nodes that will never come back to those that are left, when a person asks for it. Then it looks
 * for the files of these slots that the ring has listed: what only other nodes have kept, since it had many copies, is
 * written again, and the rest is named.
 */
public final class RingRecovery {

    private static final Logger log = LoggerFactory.getLogger(RingRecovery.class);

    /** Names in one answer. */
    private static final int MAX_NAMES = 1000;
    private static final int PAGE = 500;
    /** The new members copy from each other first. */
    private static final Duration SERVES_WITHIN = Duration.ofSeconds(20);
    private static final Duration LOOKS_EVERY = Duration.ofMillis(200);

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final Placement placement;
    private final FileIndex index;
    private final MajorityLines majority;
    private final FileRegister files;
    private final AtomicBoolean underWay = new AtomicBoolean();

    RingRecovery(NodeRuntime runtime, RingNode ring, Placement placement, FileIndex index, MajorityLines majority,
                 FileRegister files) {
        this.runtime = runtime;
        this.ring = ring;
        this.placement = placement;
        this.index = index;
        this.majority = majority;
        this.files = files;
    }

    /** This node is cut off, or has not joined yet, and a node of its ring answers: it is not for it to go on alone. */
    public static final class NotAloneException extends Exception {

        private static final long serialVersionUID = 1L;

        NotAloneException(String address) {
            super("This node is not in its ring now, and " + address + " of that ring answers");
        }
    }

    /** Two recoveries at once would see each other's slots as lost. */
    public static final class ConcurrentRecoveryException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ConcurrentRecoveryException() {
            super("A recovery is under way at this node");
        }
    }

    /**
     * What a recovery has done.
     *
     * @param slots    slots that have new members
     * @param failed   slots that have none, since some of those that are left did not agree in time
     * @param lost     nodes that did not answer
     * @param restored files that were written again from copies of nodes that do not answer for them
     * @param missing  files that were listed and are not there, or only in an older version; 0 when none is known
     * @param names    some of them
     * @param unknown  files of which nobody can say yet
     */
    public record Report(int slots, int failed, List<Peer> lost, int restored, int missing, List<String> names,
                         int unknown) {}

    /**
     * Does nothing where a majority answers. A node that finds no other node of its ring goes on alone. Takes up to a
     * minute, and longer for many files.
     *
     * @throws NotAloneException           when this node is not in its ring, and another node of the ring answers
     * @throws ConcurrentRecoveryException while this node does it already
     */
    public Report recover() throws NotAloneException {
        if (!underWay.compareAndSet(false, true)) {
            throw new ConcurrentRecoveryException();
        }
        try {
            return recoverNow();
        } finally {
            underWay.set(false);
        }
    }

    private Report recoverNow() throws NotAloneException {
        Optional<Peer> other = ring.standAlone();
        if (other.isPresent()) {
            throw new NotAloneException(other.get().address());
        }
        ViewRecovery.Report views = placement.recover();
        Set<Integer> slots = new TreeSet<>(views.recovered());
        Search search = new Search(runtime.uptime().plus(SERVES_WITHIN));
        String after = null;
        List<FileEntry> page;
        do {
            page = slots.isEmpty() ? List.of() : index.page("", after, PAGE);
            search.lookFor(page.stream().filter(entry ->
                    slots.contains(placement.slots().of(ChordId.parse(entry.key())))).toList());
            after = page.isEmpty() ? null : page.getLast().name();
        } while (page.size() == PAGE);
        if (search.missing > 0) {
            log.warn("After the recovery {} files are missing or old, for example {}", search.missing,
                    search.names.getFirst());
        }
        return new Report(slots.size(), views.failed().size(), views.lost(), search.restored, search.missing,
                search.names, search.unknown);
    }

    /** Looks for the listed files, a page at a time: there may be more than fit into memory. */
    private final class Search {

        private final Duration deadline;
        private final List<String> names = new ArrayList<>();
        private int restored;
        private int missing;
        private int unknown;

        /** @param deadline until then it waits for members that do not serve yet */
        Search(Duration deadline) {
            this.deadline = deadline;
        }

        void lookFor(List<FileEntry> listed) {
            Map<String, FileEntry> open = new LinkedHashMap<>();
            listed.forEach(entry -> open.put(entry.key(), entry));
            check(open);
            while (!open.isEmpty() && runtime.uptime().compareTo(deadline) < 0) {
                runtime.sleep(LOOKS_EVERY);
                check(open);
            }
            unknown += open.size();
        }

        private void check(Map<String, FileEntry> open) {
            MajorityLines.Checked checked = majority.check(List.copyOf(open.values()));
            for (FileEntry line : checked.lines()) {
                FileEntry listed = open.remove(line.key());
                if (listed != null && (listed.version().isNewerThan(line.version()) || lacksBytes(line))) {
                    restoreOrName(listed);
                }
            }
            for (FileEntry gone : checked.refuted()) {
                open.remove(gone.key());
                restoreOrName(gone);
            }
        }

        private void restoreOrName(FileEntry listed) {
            if (isRestored(listed)) {
                restored++;
                return;
            }
            missing++;
            if (names.size() < MAX_NAMES) {
                names.add(listed.name());
            }
        }
    }

    private boolean lacksBytes(FileEntry line) {
        if (line.deleted() || line.size() <= Content.MAX_INLINE_BYTES) {
            return false;
        }
        try {
            return files.inOneRing().find(line.name()).holders().isEmpty();
        } catch (UnavailableException e) {
            return false;
        }
    }

    private boolean isRestored(FileEntry listed) {
        try {
            AnyCopy copy = files.findAny(listed.name());
            @Nullable FileRecord record = copy.record().orElse(null);
            if (record == null || record.deleted() || listed.version().isNewerThan(record.version())
                    || copy.holders().isEmpty()) {
                return false;
            }
            files.restore(record, copy.holders());
            return true;
        } catch (GaveUpException e) {
            return true;
        } catch (UnavailableException e) {
            log.debug("{} is not restored: {}", listed.name(), e.getMessage());
            return false;
        }
    }

    /** The same content, or the same deletion, as the next version. */
    static FileRecord following(FileRecord record, Version next) {
        return new FileRecord(record.key(), record.name(), record.view(), next, record.deleted(), record.size(),
                record.sha256(), record.contentType(), record.modified(), record.copies(), record.content());
    }
}
