package io.chordshare.replication;

import io.chordshare.replication.MajorityLines.Checked;
import io.chordshare.replication.ReplicaRequest.ReadIndex;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.News;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.IndexChanges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Distributes the file index to every node: a broadcast tells all nodes at once, and reading the index changes of
 * neighbours covers lost broadcasts. Both are hints. An entry is stored and passed on once a majority of the members of
 * the file's view confirms it. A confirmed file that is needed here is copied then.
 */
public final class IndexGossip {

    private static final Logger log = LoggerFactory.getLogger(IndexGossip.class);

    /** Pages of one neighbour's index in one round: 10,000 lines, so a newcomer has a million within minutes. */
    private static final int PAGES_PER_ROUND = 20;
    /** Neighbours come and go; what was read of more than this is read again when they return. */
    private static final int MAX_CURSORS = 64;

    /** Pages whose lines are checked together: the more of them, the more lines share a question to their members. */
    private static final int PAGES_AT_ONCE = 4;
    /**
     * News that wait to be checked, with their names some 3 MB at most. What finds no room is read in the index later.
     */
    private static final int MAX_HINTS = 1000;
    /** News of which no majority can be asked are checked again after this ... */
    private static final Duration CHECK_AGAIN_AFTER = Duration.ofSeconds(1);
    /** ... and so often. */
    private static final int MAX_TRIES = 10;
    /** Then the neighbours' indexes are read from the start, at most so often. */
    private static final Duration READS_AGAIN_EVERY = Duration.ofSeconds(30);
    /** Lines that an older version stored unchecked, a round. */
    private static final int OLD_LINES_A_ROUND = 500;

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final NodeStore store;
    private final ExtraReplicas copies;
    private final MajorityLines majority;
    private final BoundedMap<String, Cursor> cursors = BoundedMap.byAge(MAX_CURSORS);
    private final BoundedMap<String, Hint> hints = BoundedMap.byAge(MAX_HINTS);
    private final Announcements announcements;
    private volatile boolean readsAgain;
    private Duration nextReading;

    /** @param spreadOn passes on what is true; null when the hint was not in news */
    private record Hint(FileEntry entry, @Nullable Consumer<News> spreadOn, int tries, Duration notBefore) {}

    /**
     * How far a neighbour's index was read.
     *
     * @param here      the epoch of this node's index: what was read into an index that was emptied is read again
     * @param epoch     the epoch of the neighbour's index
     * @param last      all lines up to here were taken over
     * @param deletions of the lines up to here at least the deletions were; further than {@code last} while there is no
     *                  room
     */
    private record Cursor(String here, String epoch, long last, long deletions) {

        static Cursor start(String here) {
            return new Cursor(here, "", 0, 0);
        }

        Cursor read(IndexChanges changes, boolean all) {
            long before = changes.epoch().equals(epoch) ? last : 0;
            return new Cursor(here, changes.epoch(), all ? changes.last() : before, changes.last());
        }
    }

    IndexGossip(NodeRuntime runtime, RingNode ring, NodeStore store, ExtraReplicas copies, MajorityLines majority) {
        this.runtime = runtime;
        this.ring = ring;
        this.store = store;
        this.copies = copies;
        this.majority = majority;
        nextReading = runtime.uptime();
        announcements = new Announcements(runtime, ring);
    }

    /** Broadcasts what was just written. */
    void announce(FileEntry entry) {
        try {
            List<FileEntry> unknown = store.index().unknown(List.of(entry));
            if (!unknown.isEmpty()) {
                store.index().merge(entry);
            }
        } catch (StorageException e) {
            // the file is safe at a majority; this node reads the line from its neighbours
            log.debug("the index has no line of {} yet", entry.name(), e);
        }
        announcements.add(entry);
    }

    /** Hears that somebody wrote something. Whether it is worth a look. */
    boolean hear(FileEntry entry, Consumer<News> spreadOn) {
        return remember(new Hint(entry, spreadOn, 0, runtime.uptime()));
    }

    private boolean remember(Hint hint) {
        synchronized (hints) {
            Hint before = hints.get(hint.entry().key());
            if (before == null ? hints.isFull() : before.entry().version().isNewerThan(hint.entry().version())) {
                return false;
            }
            hints.put(hint.entry().key(), hint);
            return true;
        }
    }

    /** Checks the news that wait, until none is due. */
    void checkNews() {
        for (List<Hint> due = due(); !due.isEmpty(); due = due()) {
            Map<String, Hint> byKey = new LinkedHashMap<>();
            due.forEach(hint -> byKey.put(hint.entry().key(), hint));
            List<FileEntry> entries = due.stream().map(Hint::entry).toList();
            List<FileEntry> unknown = store.index().unknown(entries);
            Checked checked;
            try {
                checked = majority.check(unknown);
                keep(checked.lines());
            } catch (RuntimeException e) {
                // whatever failed: the task logs it, and the news wait for its next run
                due.forEach(this::rememberOrReadAgain);
                throw e;
            }
            checked.refuted().forEach(hint -> againIfRead(byKey.remove(hint.key())));
            checked.undecided().forEach(hint -> again(byKey.remove(hint.key())));
            spreadOn(byKey.values());
        }
    }

    private List<Hint> due() {
        synchronized (hints) {
            Duration now = runtime.uptime();
            List<Hint> due = hints.values().stream().filter(hint -> hint.notBefore().compareTo(now) <= 0).toList();
            due.forEach(hint -> hints.remove(hint.entry().key()));
            return due;
        }
    }

    /** No majority answers for long: the line is read again later, since nobody else may tell of it any more. */
    private void again(@Nullable Hint hint) {
        if (hint == null) {
            return;
        }
        if (hint.tries() >= MAX_TRIES) {
            readsAgain = true;
        } else {
            retry(hint);
        }
    }

    /** A neighbour may have the line a moment before a majority has it. */
    private void againIfRead(@Nullable Hint hint) {
        if (hint != null && hint.spreadOn() == null && hint.tries() < MAX_TRIES) {
            retry(hint);
        }
    }

    /** What finds no room is read again in the neighbours' indexes. */
    private void rememberOrReadAgain(Hint hint) {
        readsAgain |= !remember(hint);
    }

    private void retry(Hint hint) {
        rememberOrReadAgain(new Hint(hint.entry(), hint.spreadOn(), hint.tries() + 1,
                runtime.uptime().plus(CHECK_AGAIN_AFTER)));
    }

    /** Who hears of it later than this node must hear it all the same. What came together goes on together. */
    private void spreadOn(Collection<Hint> checked) {
        Map<Consumer<News>, List<FileEntry>> together = new LinkedHashMap<>();
        for (Hint hint : checked) {
            if (hint.spreadOn() != null) {
                store.index().get(hint.entry().name()).ifPresent(line ->
                        together.computeIfAbsent(hint.spreadOn(), one -> new ArrayList<>()).add(line));
            }
        }
        together.forEach((spreadOn, lines) -> spreadOn.accept(FileNews.of(lines, ring.state().self())));
    }

    /** Stores confirmed entries. */
    private void keep(List<FileEntry> lines) {
        store.index().merge(lines);
        if (!lines.isEmpty()) {
            copies.tick();
        }
    }

    /** Checks lines that were read. False when some must be read again: they are neither decided nor remembered. */
    private boolean take(List<FileEntry> read) {
        Checked checked = majority.check(store.index().unknown(read));
        keep(checked.lines());
        boolean all = true;
        List<FileEntry> open = new ArrayList<>(checked.undecided());
        open.addAll(checked.refuted());
        for (FileEntry hint : open) {
            all &= remember(new Hint(hint, null, 0, runtime.uptime().plus(CHECK_AGAIN_AFTER)));
        }
        return all;
    }

    /** Lines from before this node checked any. */
    private void checkOldLines() {
        List<FileEntry> old = store.index().unchecked(OLD_LINES_A_ROUND);
        Checked checked = majority.check(old);
        keep(checked.lines());
        store.index().forget(checked.refuted());
    }

    /** Reads the new index changes of the neighbours. */
    void catchUp() {
        RingState state = ring.state();
        List<Peer> neighbours = new ArrayList<>(2);
        if (!state.successors().isEmpty()) {
            neighbours.add(state.successors().getFirst());
        }
        Peer predecessor = state.predecessor();
        if (predecessor != null && neighbours.stream().noneMatch(predecessor::sameNode)) {
            neighbours.add(predecessor);
        }
        checkOldLines();
        if (readsAgain && runtime.uptime().compareTo(nextReading) > 0) {
            readsAgain = false;
            nextReading = runtime.uptime().plus(READS_AGAIN_EVERY);
            cursors.removeIf((neighbour, cursor) -> true);
        }
        for (Peer neighbour : neighbours) {
            try {
                readOn(neighbour);
            } catch (PeerException e) {
                log.debug("the index of {} is read on at the next round: {}", neighbour, e.getMessage());
            }
        }
    }

    private void readOn(Peer neighbour) throws PeerException {
        String id = neighbour.id().toString();
        String here = store.index().epoch();
        Cursor before = cursors.get(id);
        Cursor cursor = before != null && before.here().equals(here) ? before : Cursor.start(here);
        boolean more = true;
        for (int page = 0; more && page < PAGES_PER_ROUND; page += PAGES_AT_ONCE) {
            List<FileEntry> taken = new ArrayList<>();
            for (int next = 0; more && next < PAGES_AT_ONCE; next++) {
                // without room deletions are read all the same, since they make some
                boolean room = store.hasRoomForRepair();
                IndexChanges changes = runtime.call(neighbour,
                        new ReadIndex(cursor.epoch(), room ? cursor.last() : cursor.deletions()));
                changes.entries().stream().filter(entry -> room || entry.deleted()).forEach(taken::add);
                cursor = cursor.read(changes, room);
                more = changes.entries().size() >= ReadIndex.MAX_ENTRIES;
            }
            if (!take(taken)) {
                return;
            }
            cursors.put(id, cursor);
        }
    }
}
