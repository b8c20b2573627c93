package io.chordshare.replication;

import io.chordshare.replication.DataRequest.ReadIndex;
import io.chordshare.ring.NodeRuntime;
import io.chordshare.ring.Peer;
import io.chordshare.ring.PeerException;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.RingState;
import io.chordshare.storage.FileEntry;
import io.chordshare.storage.IndexChanges;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.RecordState;
import io.chordshare.storage.StorageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How every node comes to know every file: a broadcast tells all at once, and what a broadcast missed follows when
 * neighbours read on in each other's index. What is told and needed here is put on the list of copies to make.
 */
final class Spreading {

    private static final Logger log = LoggerFactory.getLogger(Spreading.class);

    /** Pages of one neighbour's index in one round: 10,000 lines, so a newcomer has a million within minutes. */
    private static final int PAGES_PER_ROUND = 20;
    /** Neighbours come and go; what was read of more than this is read again when they return. */
    private static final int MAX_CURSORS = 64;

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final NodeStore store;
    private final CopyMaking copies;
    private final Map<String, Cursor> cursors = new LinkedHashMap<>();

    /**
     * How far a neighbour's index was read.
     *
     * @param last      all lines up to here were taken over
     * @param deletions of the lines up to here at least the deletions were; further than {@code last} while there is no room
     */
    private record Cursor(String epoch, long last, long deletions) {

        static final Cursor START = new Cursor("", 0, 0);

        Cursor read(IndexChanges changes, boolean all) {
            long before = changes.epoch().equals(epoch) ? last : 0;
            return new Cursor(changes.epoch(), all ? changes.last() : before, changes.last());
        }
    }

    Spreading(NodeRuntime runtime, RingNode ring, NodeStore store, CopyMaking copies) {
        this.runtime = runtime;
        this.ring = ring;
        this.store = store;
        this.copies = copies;
    }

    /** Tells everybody what was just written. */
    void announce(FileEntry entry) {
        FileNews news = new FileNews(entry, ring.state().self());
        try {
            store.index().merge(entry);
        } catch (StorageException e) {
            // the file is safe at a majority; this node reads the line from its neighbours
            log.debug("the index has no line of {} yet", entry.name(), e);
        }
        runtime.start("announce", () -> ring.spread(news));
    }

    /** Hears what somebody wrote. */
    void hear(FileNews news) {
        runtime.start("news", () -> {
            try {
                store.index().merge(news.entry());
                consider(news.entry(), news.teller());
                copies.tick();
            } catch (StorageException e) {
                // the disk has no room, or fails, and has said so: the line is read from the neighbours later
                log.debug("news of {} were not kept", news.entry().name(), e);
            }
        });
    }

    /** Reads on in the index of the neighbours. */
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
        Cursor cursor = cursors.getOrDefault(id, Cursor.START);
        for (int page = 0; page < PAGES_PER_ROUND; page++) {
            // without room deletions are read all the same, since they make some
            boolean room = store.hasRoomForRepair();
            IndexChanges changes = runtime.call(neighbour,
                    new ReadIndex(cursor.epoch(), room ? cursor.last() : cursor.deletions()));
            List<FileEntry> taken = changes.entries().stream().filter(entry -> room || entry.deleted()).toList();
            store.index().merge(taken);
            taken.forEach(entry -> consider(entry, neighbour));
            cursor = cursor.read(changes, room);
            cursors.remove(id);
            cursors.put(id, cursor);
            if (changes.entries().size() < ReadIndex.MAX_ENTRIES) {
                break;
            }
        }
        while (cursors.size() > MAX_CURSORS) {
            cursors.remove(cursors.keySet().iterator().next());
        }
    }

    private void consider(FileEntry entry, Peer teller) {
        Optional<RecordState> here = store.records().state(entry.key());
        boolean outdated = here.isPresent() && entry.version().isNewerThan(here.get().version());
        boolean lacking = here.isEmpty() && entry.copies().all() && !entry.deleted();
        if (outdated || lacking) {
            copies.enqueue(entry, teller);
        }
    }
}
