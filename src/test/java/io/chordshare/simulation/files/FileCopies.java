package io.chordshare.simulation.files;

import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.RecordState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the copies of all files are, and what every node lists. */
final class FileCopies {

    private static final int ALL = 1000;

    private final FileWorld ring;

    FileCopies(FileWorld ring) {
        this.ring = ring;
    }

    /** What every node would list; the newest line of each name. */
    private Map<String, FileEntry> files() {
        Map<String, FileEntry> newest = new LinkedHashMap<>();
        for (FileNode node : ring.members()) {
            for (FileEntry entry : node.store.index().changesSince(0, ALL).entries()) {
                newest.merge(entry.name(), entry, (one, other) ->
                        other.version().isNewerThan(one.version()) ? other : one);
            }
        }
        return newest;
    }

    /** Files that too few nodes have whole, in their newest version. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        List<FileNode> members = ring.members();
        files().forEach((name, entry) -> {
            long whole = members.stream().filter(node -> has(node, entry)).count();
            long wanted = Math.min(entry.copies().count(), members.size());
            if (!entry.deleted() && whole < wanted) {
                missing.add(name + " " + entry.version() + " is whole at " + whole + " nodes, not " + wanted
                        + members.stream().map(node -> describe(node, entry)).toList());
            }
        });
        return missing;
    }

    private String describe(FileNode node, FileEntry entry) {
        int slot = ring.slots.ofName(entry.name());
        return "\n  " + node + (has(node, entry) ? " has it" : " has " + node.store.records().state(entry.key()))
                + (node.replication.placement().mayAnswerFor(slot) ? ", may answer in " : ", knows ")
                + node.replication.placement().known(slot);
    }

    private static boolean has(FileNode node, FileEntry entry) {
        Optional<RecordState> state = node.store.records().state(entry.key());
        return state.isPresent() && state.get().complete() && state.get().version().equals(entry.version());
    }

    /** Nodes that list something else than the newest version of every file. */
    List<String> outdated() {
        List<String> outdated = new ArrayList<>();
        Map<String, FileEntry> files = files();
        for (FileNode node : ring.members()) {
            files.forEach((name, entry) -> {
                Optional<FileEntry> listed = node.store.index().get(name);
                boolean same = listed.equals(Optional.of(entry));
                if (!same && !(entry.deleted() && listed.isEmpty())) {
                    outdated.add(node + " lists " + listed + ", not " + entry);
                }
            });
        }
        return outdated;
    }

    /** Nodes that keep a deleted file. */
    List<String> undeleted() {
        List<String> kept = new ArrayList<>();
        files().values().stream().filter(FileEntry::deleted).forEach(entry -> ring.members().forEach(node ->
                node.store.records().state(entry.key()).filter(state -> !state.deleted()).ifPresent(state ->
                        kept.add(node + " keeps " + state + " of " + entry.name() + ", deleted with "
                                + entry.version()))));
        return kept;
    }
}
