package io.chordshare.storage.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a file's bytes are stored. A file of at most {@link #MAX_INLINE_BYTES} is stored inside its record. A larger
 * file is cut into blocks of {@link #BLOCK_BYTES}; the last may be shorter. If it has more than {@link #MAX_LISTED}
 * blocks, the list of their hashes is itself stored in blocks of {@link #MAX_LISTED} hashes, 32 bytes each, and {@code
 * listBlocks} names those.
 *
 * @param inline the bytes themselves, or null when they are in blocks
 * @param blocks the data blocks in order; empty when {@code inline} or {@code listBlocks} is used
 * @param listBlocks the blocks that hold the list of data blocks, in order; empty for a short list
 */
public record Content(@JsonInclude(JsonInclude.Include.NON_NULL) byte @Nullable [] inline,
                      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Sha256> blocks,
                      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Sha256> listBlocks) {

    /** Files up to this size are stored inside their record: one write instead of two. */
    public static final int MAX_INLINE_BYTES = 64 * 1024;
    /** Size of every block except a file's last: large enough to keep disks busy, small enough to buffer a few. */
    public static final int BLOCK_BYTES = 4 * 1024 * 1024;
    /** Hashes in one list. Keeps every record and list block small (32 KiB). */
    public static final int MAX_LISTED = 1024;
    /** The largest file that one level of list blocks can describe: 4 TiB. */
    public static final long MAX_FILE_BYTES = (long) MAX_LISTED * MAX_LISTED * BLOCK_BYTES;

    /** @throws IllegalArgumentException when a part is larger than a record may be, or more than one part is used */
    public Content {
        blocks = blocks == null ? List.of() : List.copyOf(blocks);
        listBlocks = listBlocks == null ? List.of() : List.copyOf(listBlocks);
        FileRules.require((inline == null || inline.length <= MAX_INLINE_BYTES) && blocks.size() <= MAX_LISTED
                && listBlocks.size() <= MAX_LISTED, "a record holds at most " + MAX_INLINE_BYTES + " bytes or "
                + MAX_LISTED + " blocks: cut the file into blocks or lists of blocks");
        FileRules.require((inline == null || blocks.isEmpty()) && (inline == null && blocks.isEmpty()
                || listBlocks.isEmpty()), "a file is in its record, in blocks or in lists of blocks");
    }

    /** @throws IllegalArgumentException unless this is the content of a file of that size and hash */
    void check(boolean deleted, long size, Sha256 sha256) {
        if (inline != null) {
            FileRules.require(!deleted && inline.length == size, "the size of a file is the number of its bytes");
            FileRules.require(Sha256.of(inline).equals(sha256), "the bytes of the file do not hash to its SHA-256");
            return;
        }
        long count = (size + BLOCK_BYTES - 1) / BLOCK_BYTES;
        boolean whole = listBlocks.isEmpty() ? blocks.size() == count
                : listBlocks.size() == (count + MAX_LISTED - 1) / MAX_LISTED;
        FileRules.require(whole, "a file of " + size + " bytes has " + count + " blocks of " + BLOCK_BYTES + " bytes");
    }

    public static Content inline(byte[] bytes) {
        return new Content(bytes, List.of(), List.of());
    }

    public static Content ofBlocks(List<Sha256> blocks) {
        return new Content(null, blocks, List.of());
    }

    public static Content ofListBlocks(List<Sha256> listBlocks) {
        return new Content(null, List.of(), listBlocks);
    }

    /** The content of a deleted name: no bytes. */
    public static Content none() {
        return new Content(null, List.of(), List.of());
    }
}
