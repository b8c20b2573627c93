package io.chordshare.replication;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.chordshare.ring.protocol.News;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.model.FileEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Files were uploaded, replaced or deleted. An older version reads the first one alone, and learns the others from its
 * neighbours' indexes.
 *
 * @param entry the description of the first one
 * @param teller the node that reports them and has the records
 * @param more the others; null when there are none
 */
public record FileNews(FileEntry entry, Peer teller,
                       @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<FileEntry> more) implements News {

    /** Entries of one message: with the longest names 100 KB. */
    static final int MAX_ENTRIES = 64;

    /** @throws IllegalArgumentException when there are too many */
    public FileNews {
        Objects.requireNonNull(entry, "entry");
        Objects.requireNonNull(teller, "teller");
        if (more != null && more.size() >= MAX_ENTRIES) {
            throw new IllegalArgumentException("news are of at most " + MAX_ENTRIES + " files");
        }
        more = more == null || more.isEmpty() ? null : List.copyOf(more);
    }

    /** @param entries at least one, {@link #MAX_ENTRIES} at most */
    static FileNews of(List<FileEntry> entries, Peer teller) {
        return new FileNews(entries.getFirst(), teller, entries.subList(1, entries.size()));
    }

    /** All of them. */
    public List<FileEntry> entries() {
        List<FileEntry> all = new ArrayList<>();
        all.add(entry);
        all.addAll(more == null ? List.of() : more);
        return all;
    }
}
