package io.chordshare.storage;

import io.chordshare.storage.blocks.BlockFiles;
import io.chordshare.storage.blocks.BlockReader;
import io.chordshare.storage.disk.DiskSpace.Use;
import io.chordshare.storage.disk.Layout;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.FileRules;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.StoredRegister;
import io.chordshare.storage.model.Version;
import io.chordshare.storage.records.SlotRecords;
import io.chordshare.storage.records.SlotRecords.Changed;
import io.chordshare.storage.records.SlotRecords.Keys;
import io.chordshare.storage.records.SlotRecords.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** Sample files, records and blocks. */
public final class Samples {

    static final String WRITER = "a".repeat(40);
    public static final long NO_RESERVE = 0;

    private Samples() {}

    public static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    public static String key(String name) {
        return FileRules.keyOf(name);
    }

    public static FileRecord record(String name, long counter, long size, Content content) {
        return record(key(name), name, counter, size, Copies.ALL, content);
    }

    public static FileRecord record(String key, String name, long counter, long size, Copies copies, Content content) {
        byte[] bytes = content.inline() == null ? name.getBytes(StandardCharsets.UTF_8) : content.inline();
        return new FileRecord(key, name, 0, new Version(counter, WRITER), false, size, Sha256.of(bytes), "text/plain",
                Instant.parse("2026-01-02T03:04:05.678Z"), copies, content);
    }

    public static FileRecord inline(String name, long counter, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return record(name, counter, bytes.length, Content.inline(bytes));
    }

    public static FileRecord deleted(String name, long counter) {
        return inline(name, 1, "").tombstone(new Version(counter, WRITER), Instant.EPOCH);
    }

    public static Sha256 put(NodeStore store, byte[] block, String upload) throws IOException {
        Sha256 hash = Sha256.of(block);
        store.blocks().put(hash, new ByteArrayInputStream(block), upload);
        return hash;
    }

    public static byte[] read(NodeStore store, Sha256 hash) throws IOException {
        try (BlockReader reader = store.blocks().open(hash)) {
            byte[] all = new byte[Content.BLOCK_BYTES + 1];
            int length = reader.read(0, all, 0, all.length);
            return Arrays.copyOf(all, Math.max(0, length));
        }
    }

    public static byte[] listOf(Sha256... blocks) {
        byte[] list = new byte[blocks.length * Sha256.LENGTH];
        for (int i = 0; i < blocks.length; i++) {
            System.arraycopy(blocks[i].toBytes(), 0, list, i * Sha256.LENGTH, Sha256.LENGTH);
        }
        return list;
    }

    public static Path file(Path directory, Sha256 hash) {
        return new BlockFiles(new Layout(directory)).path(hash);
    }

    /** All block files, temporary ones too. */
    public static List<Path> blockFiles(Path directory) throws IOException {
        try (Stream<Path> blocks = Files.walk(directory.resolve("data/blocks"));
                Stream<Path> temporary = Files.walk(directory.resolve("tmp"))) {
            return Stream.concat(blocks, temporary).filter(Files::isRegularFile).toList();
        }
    }

    public static List<String> names(List<FileEntry> entries) {
        return entries.stream().map(FileEntry::name).toList();
    }

    // -- registers ---------------------------------------------------------------------------------------------------

    /** All keys. */
    public static final Keys EVERYTHING = new Keys("", "g");
    public static final SlotRecords.Listener NOBODY = (before, after) -> {};

    /** Stores the record if it is newer than what is here, with or without its bytes. Returns whether it was stored. */
    public static boolean store(NodeStore store, FileRecord record) {
        return store(store, record, Use.REPAIR, false);
    }

    /** As {@link #store(NodeStore, FileRecord)}, for the record of an upload: refuses it without its bytes. */
    public static boolean upload(NodeStore store, FileRecord record) {
        return store(store, record, Use.NEW_FILE, true);
    }

    private static boolean store(NodeStore store, FileRecord record, Use use, boolean bytesFirst) {
        return join(store.slots().change(record.key(), use, NOBODY, (now, hasBytes) -> {
            boolean complete = hasBytes.test(record);
            boolean stored = (now.record() == null || record.version().isNewerThan(now.record().version()))
                    && (complete || !bytesFirst);
            return new Changed<>(stored, stored ? new StoredRegister(record, now.promised(), complete) : null);
        }));
    }

    /** Looks again for the bytes of the record that is here. Returns whether they are all here. */
    public static boolean lookForBytes(NodeStore store, String key) {
        return join(store.slots().change(key, Use.REPAIR, NOBODY, (now, hasBytes) -> {
            boolean complete = now.record() != null && hasBytes.test(now.record());
            return new Changed<>(complete, now.record() == null ? null
                    : new StoredRegister(now.record(), now.promised(), complete));
        }));
    }

    /** Drops this register, as a node that is no longer a member of its slot. */
    public static void drop(NodeStore store, String key) {
        join(store.slots().drop(List.of(new Keys(key, key)), Copies.ALL.count(), keys -> true, NOBODY));
    }

    /** All registers here, by their versions, in order of keys. */
    public static List<Line> lines(NodeStore store) {
        return store.slots().lines(EVERYTHING, null, 1000);
    }

    private static <T> T join(CompletableFuture<T> change) {
        try {
            return change.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StorageException cause ? cause : e;
        }
    }
}
