package io.chordshare.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a file's bytes are: in the record itself when there are at most {@link #MAX_INLINE_BYTES}, else in blocks of
 * {@link #BLOCK_BYTES} (the last may be shorter). A list of more than {@link #MAX_LISTED} blocks is itself cut into
 * blocks of {@link #MAX_LISTED} hashes, 32 bytes each; {@code listBlocks} then names those.
 *
 * @param inline     the bytes themselves, or null when they are in blocks
 * @param blocks     the data blocks in order; empty when inline or when {@code listBlocks} is not
 * @param listBlocks the blocks that hold the list of data blocks, in order; empty for a short list
 */
public record Content(@JsonInclude(JsonInclude.Include.NON_NULL) byte @Nullable [] inline,
                      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Sha256> blocks,
                      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Sha256> listBlocks) {

    /** Up to here a file's bytes live in its record: one write instead of two. */
    public static final int MAX_INLINE_BYTES = 64 * 1024;
    /** Size of every block but a file's last: large enough to keep disks busy, small enough to buffer a few. */
    public static final int BLOCK_BYTES = 4 * 1024 * 1024;
    /** Hashes in one list: keeps every record and list block small (32 KiB). */
    public static final int MAX_LISTED = 1024;
    /** The largest file that one level of list blocks can describe: 4 TiB. */
    public static final long MAX_FILE_BYTES = (long) MAX_LISTED * MAX_LISTED * BLOCK_BYTES;

    public Content {
        blocks = blocks == null ? List.of() : List.copyOf(blocks);
        listBlocks = listBlocks == null ? List.of() : List.copyOf(listBlocks);
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

    /** Of a deleted name: no bytes at all. */
    public static Content none() {
        return new Content(null, List.of(), List.of());
    }
}
