package io.chordshare.storage.blocks;

import io.chordshare.runtime.BoundedMap;
import io.chordshare.storage.error.TooManyUploadsException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Sha256;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The blocks that open uploads pin until a record names them. In memory only: after a restart no upload is open. Keeps
 * the first 8 bytes of each hash, so an upload of one terabyte needs 4 MiB. If two hashes share these bytes, one block
 * is deleted a little later.
 */
public final class Pins {

    /** Far more than the memory for request bodies allows at once; the rest are left over from broken uploads. */
    public static final int MAX_UPLOADS = 1024;
    /** All blocks of the largest file, with its list blocks: at most 32 MiB in memory. */
    static final int MAX_HASHES = Content.MAX_LISTED * Content.MAX_LISTED + Content.MAX_LISTED;
    /** As many as hundreds of fetches a second leave for some seconds. */
    public static final int MAX_COPIES = 8192;
    /** No id of an upload begins with it. */
    public static final String COPY = ".";
    /**
     * When there is no room for another upload, an upload that was silent for this long is dropped: its sender is gone.
     */
    static final Duration DROPPED_AFTER = Duration.ofMinutes(10);

    private final LongSupplier nanoTime;
    private final BoundedMap<String, Upload> uploads = BoundedMap.byAge(MAX_UPLOADS);
    /** Blocks that this node has fetched, and that a record is about to name. They take no upload's place. */
    private final BoundedMap<String, Upload> copies = BoundedMap.byAge(MAX_COPIES);
    private int pinned;

    private static final class Upload {
        private final String id;
        private final LongSet hashes = new LongSet();
        private long touchedNanos;

        private Upload(String id) {
            this.id = id;
        }
    }

    public Pins(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    static long prefix(Sha256 hash) {
        return ByteBuffer.wrap(hash.toBytes()).getLong();
    }

    /**
     * Makes room for a block of {@code upload}. Call this before the block is received.
     *
     * @return the pins of an upload that was dropped to make room
     * @throws TooManyUploadsException when there is no room
     */
    synchronized Optional<LongSet> admit(String upload) {
        if (hasRoomFor(upload)) {
            return Optional.empty();
        }
        if (of(upload).size() == 0) {
            throw new TooManyUploadsException();
        }
        long now = nanoTime.getAsLong();
        Upload longestSilent = Collections.min(of(upload).values(),
                Comparator.comparingLong(open -> open.touchedNanos - now));
        if (now - longestSilent.touchedNanos < DROPPED_AFTER.toNanos()) {
            throw new TooManyUploadsException();
        }
        return remove(longestSilent.id);
    }

    private BoundedMap<String, Upload> of(String upload) {
        return upload.startsWith(COPY) ? copies : uploads;
    }

    private boolean hasRoomFor(String upload) {
        BoundedMap<String, Upload> open = of(upload);
        return pinned < MAX_HASHES && (!open.isFull() || open.contains(upload));
    }

    /** @throws TooManyUploadsException when others took the room meanwhile */
    synchronized void pin(String upload, Sha256 hash) {
        if (!hasRoomFor(upload)) {
            throw new TooManyUploadsException();
        }
        Upload open = of(upload).getOrPut(upload, Upload::new);
        pinned += open.hashes.add(prefix(hash)) ? 1 : 0;
        open.touchedNanos = nanoTime.getAsLong();
    }

    synchronized boolean isPinned(Sha256 hash) {
        long prefix = prefix(hash);
        return Stream.concat(uploads.values().stream(), copies.values().stream())
                .anyMatch(upload -> upload.hashes.contains(prefix));
    }

    synchronized void touch(String upload) {
        Upload open = of(upload).get(upload);
        if (open != null) {
            open.touchedNanos = nanoTime.getAsLong();
        }
    }

    /** Forgets the upload. Returns what it pinned. */
    synchronized Optional<LongSet> remove(String upload) {
        Optional<LongSet> hashes = Optional.ofNullable(of(upload).remove(upload)).map(open -> open.hashes);
        hashes.ifPresent(gone -> pinned -= gone.size());
        return hashes;
    }

    synchronized List<LongSet> removeIdle(Duration idle) {
        long now = nanoTime.getAsLong();
        List<LongSet> removed = new ArrayList<>();
        List<Upload> all = new ArrayList<>(uploads.values());
        all.addAll(copies.values());
        for (Upload upload : all) {
            if (now - upload.touchedNanos >= idle.toNanos()) {
                remove(upload.id).ifPresent(removed::add);
            }
        }
        return removed;
    }

    public synchronized void clear() {
        uploads.clear();
        copies.clear();
        pinned = 0;
    }
}
