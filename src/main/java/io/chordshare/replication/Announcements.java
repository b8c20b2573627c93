package io.chordshare.replication;

import io.chordshare.ring.RingNode;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.storage.model.FileEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Tells all nodes what was written here. What is written during a broadcast goes together with the next one. */
final class Announcements {

    /** Broadcasts at a time: one that waits for a dead node must not hold up the next. */
    private static final int MAX_BROADCASTS = 2;
    /** What finds no room, nodes read in their neighbours' indexes. */
    private static final int MAX_WAITING = 1000;

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final Deque<FileEntry> waiting = new ArrayDeque<>();
    private int broadcasts;

    Announcements(NodeRuntime runtime, RingNode ring) {
        this.runtime = runtime;
        this.ring = ring;
    }

    /** Does not wait. */
    void add(FileEntry entry) {
        synchronized (waiting) {
            if (waiting.size() >= MAX_WAITING) {
                return;
            }
            waiting.add(entry);
            if (broadcasts >= MAX_BROADCASTS) {
                return;
            }
            broadcasts++;
        }
        runtime.start("announce", this::tellAll);
    }

    private void tellAll() {
        boolean isDone = false;
        try {
            for (List<FileEntry> next = take(); !next.isEmpty(); next = take()) {
                ring.broadcast(FileNews.of(next, ring.state().self()));
            }
            isDone = true;
        } finally {
            if (!isDone) {
                ended();
            }
        }
    }

    /** Empty when nothing waits: then this task has ended. */
    private List<FileEntry> take() {
        synchronized (waiting) {
            List<FileEntry> next = new ArrayList<>();
            while (next.size() < FileNews.MAX_ENTRIES && !waiting.isEmpty()) {
                next.add(waiting.remove());
            }
            if (next.isEmpty()) {
                ended();
            }
            return next;
        }
    }

    private void ended() {
        synchronized (waiting) {
            broadcasts--;
        }
    }
}
