package io.chordshare.replication.blocks;

import io.chordshare.storage.blocks.BlockReader;
import io.chordshare.storage.blocks.BlockStore;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.ListBlock;
import io.chordshare.storage.model.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The blocks that a record names, in order, a list of them at a time. */
public final class FileBlocks {

    private FileBlocks() {}

    /** The blocks that hold the list of data blocks; empty for a short list. */
    public static List<Sha256> listBlocks(FileRecord record) {
        return record.content().listBlocks();
    }

    /**
     * The data blocks. List blocks are read from {@code store} as the walk comes to them, and must be there by then.
     */
    public static Iterator<Sha256> dataBlocks(FileRecord record, BlockStore store) {
        Content content = record.content();
        if (content.listBlocks().isEmpty()) {
            return content.blocks().iterator();
        }
        Iterator<Sha256> lists = content.listBlocks().iterator();
        return new Iterator<>() {

            private Iterator<Sha256> current = List.<Sha256>of().iterator();

            @Override
            public boolean hasNext() {
                return current.hasNext() || lists.hasNext();
            }

            @Override
            public Sha256 next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                if (!current.hasNext()) {
                    current = ListBlock.decode(read(store, lists.next())).iterator();
                }
                return current.next();
            }
        };
    }

    private static byte[] read(BlockStore store, Sha256 hash) {
        try (BlockReader reader = store.open(hash)) {
            return reader.readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
