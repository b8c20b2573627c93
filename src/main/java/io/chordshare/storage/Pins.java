package io.chordshare.storage;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Which blocks open uploads hold on to while no record names them yet. In memory only: after a restart no upload is open.
 * Of a hash the first 8 bytes are kept, so that an upload of a terabyte pins with 4 MiB; two hashes that share them
 * would only be freed a little later.
 */
final class Pins {

    private final LongSupplier nanoTime;
    private final Map<String, Upload> uploads = new HashMap<>();

    private static final class Upload {
        private final LongSet hashes = new LongSet();
        private long touchedNanos;
    }

    Pins(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    static long prefix(Sha256 hash) {
        return ByteBuffer.wrap(hash.toBytes()).getLong();
    }

    synchronized void pin(String upload, Sha256 hash) {
        Upload open = uploads.computeIfAbsent(upload, ignored -> new Upload());
        open.hashes.add(prefix(hash));
        open.touchedNanos = nanoTime.getAsLong();
    }

    synchronized boolean isPinned(Sha256 hash) {
        long prefix = prefix(hash);
        return uploads.values().stream().anyMatch(upload -> upload.hashes.contains(prefix));
    }

    synchronized void touch(String upload) {
        Upload open = uploads.get(upload);
        if (open != null) {
            open.touchedNanos = nanoTime.getAsLong();
        }
    }

    /** Forgets the upload; what it held on to. */
    synchronized Optional<LongSet> remove(String upload) {
        return Optional.ofNullable(uploads.remove(upload)).map(open -> open.hashes);
    }

    synchronized List<LongSet> removeIdle(Duration idle) {
        long now = nanoTime.getAsLong();
        List<LongSet> removed = new ArrayList<>();
        for (Iterator<Upload> all = uploads.values().iterator(); all.hasNext(); ) {
            Upload upload = all.next();
            if (now - upload.touchedNanos >= idle.toNanos()) {
                removed.add(upload.hashes);
                all.remove();
            }
        }
        return removed;
    }

    synchronized void clear() {
        uploads.clear();
    }
}
