package io.chordshare.files;

import io.chordshare.replication.blocks.BlockFetch;
import io.chordshare.replication.blocks.BufferBudget;
import io.chordshare.replication.blocks.BufferBudget.OverloadedException;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.blocks.BlockReader;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.error.StoreFailedException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.ListBlock;
import io.chordshare.storage.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file's bytes in order, from this node's disk or from another holder. Every byte is verified before it is returned.
 * Skipping is free, so a range reads only its own blocks. If a local block is damaged, it is quarantined, and another
 * holder continues in the middle of it.
 */
public final class FileStream extends InputStream {

    private static final Logger log = LoggerFactory.getLogger(FileStream.class);

    private final FileRecord record;
    private final List<Peer> holders;
    private final NodeStore store;
    private final BlockFetch fetch;
    /** The open block, if it came from another node. */
    private final HeldBlock remote;
    private long position;
    private long openIndex = -1;
    private @Nullable BlockReader local;
    private int openList = -1;
    private List<Sha256> listed = List.of();

    FileStream(FileRecord record, List<Peer> holders, NodeStore store, BlockFetch fetch, BufferBudget budget) {
        this.record = record;
        this.holders = holders;
        this.store = store;
        this.fetch = fetch;
        this.remote = new HeldBlock(budget, store.blocks()::newScratch, Content.BLOCK_BYTES);
    }

    /** Makes sure that the bytes at {@code offset} are available, before a response promises them. */
    void prepare(long offset) throws IOException {
        if (offset < record.size() && record.content().inline() == null) {
            openBlock(offset / Content.BLOCK_BYTES);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        if (position >= record.size()) {
            return -1;
        }
        int count = readSome(buffer, offset, (int) Math.min(length, record.size() - position));
        position += count;
        return count;
    }

    private int readSome(byte[] buffer, int offset, int length) throws IOException {
        byte[] inline = record.content().inline();
        if (inline != null) {
            System.arraycopy(inline, (int) position, buffer, offset, length);
            return length;
        }
        openBlock(position / Content.BLOCK_BYTES);
        int within = (int) (position % Content.BLOCK_BYTES);
        if (local != null) {
            try {
                int count = local.read(within, buffer, offset, length);
                if (count > 0) {
                    return count;
                }
                replaceDamaged(hashOf(openIndex), "it is too short");
            } catch (StoreFailedException e) {
                // The disk cannot be read. The block may be intact, so it stays
                log.debug("Block {} is read from another node", hashOf(openIndex), e);
                fetchFromOthers(hashOf(openIndex));
            } catch (StorageException e) {
                replaceDamaged(hashOf(openIndex), e.getMessage());
            }
        }
        int count = remote.read(within, buffer, offset, length);
        if (count == 0) {
            throw new IOException("block " + hashOf(openIndex) + " is too short");
        }
        return count;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.max(0, Math.min(count, record.size() - position));
        position += skipped;
        return skipped;
    }

    @Override
    public int available() {
        return 0;
    }

    private void openBlock(long index) throws IOException {
        if (index == openIndex) {
            return;
        }
        closeBlock();
        Sha256 hash = hashOf(index);
        openIndex = index;
        if (store.blocks().has(hash)) {
            try {
                local = store.blocks().open(hash);
                return;
            } catch (StoreFailedException e) {
                log.debug("Block {} is read from another node", hash, e);
            } catch (StorageException e) {
                replaceDamaged(hash, e.getMessage());
                return;
            }
        }
        fetchFromOthers(hash);
    }

    private void replaceDamaged(Sha256 hash, @Nullable String damage) throws IOException {
        quarantine(hash, damage);
        fetchFromOthers(hash);
    }

    private void quarantine(Sha256 hash, @Nullable String damage) {
        log.warn("Block {} of {} is damaged on this disk and goes to quarantine: {}", hash, record.name(), damage);
        try {
            store.blocks().quarantine(hash);
        } catch (StorageException e) {
            // The damaged block is not served anyway: each read detects the damage again
            log.debug("Block {} cannot be moved to quarantine now", hash, e);
        }
    }

    private void fetchFromOthers(Sha256 hash) throws IOException {
        closeLocal();
        try {
            remote.fill(() -> fetch.fetch(hash, holders).orElseThrow(() ->
                    new BytesUnavailableException("no reachable node has all bytes of " + record.name())));
        } catch (OverloadedException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Sha256 hashOf(long index) throws IOException {
        Content content = record.content();
        if (content.listBlocks().isEmpty()) {
            return content.blocks().get((int) index);
        }
        int list = (int) (index / Content.MAX_LISTED);
        if (list != openList) {
            listed = ListBlock.decode(wholeBlock(content.listBlocks().get(list)));
            openList = list;
        }
        int place = (int) (index % Content.MAX_LISTED);
        if (place >= listed.size()) {
            throw new IOException("a list of blocks is too short");
        }
        return listed.get(place);
    }

    private byte[] wholeBlock(Sha256 hash) throws IOException {
        if (store.blocks().has(hash)) {
            try (BlockReader reader = store.blocks().open(hash)) {
                return reader.readAll();
            } catch (StoreFailedException e) {
                log.debug("List block {} is read from another node", hash, e);
            } catch (StorageException e) {
                quarantine(hash, e.getMessage());
            }
        }
        return fetch.fetch(hash, holders).orElseThrow(() ->
                new BytesUnavailableException("no reachable node has the list of blocks of " + record.name()));
    }

    private void closeLocal() throws IOException {
        BlockReader open = local;
        local = null;
        if (open != null) {
            open.close();
        }
    }

    private void closeBlock() throws IOException {
        closeLocal();
        remote.clear();
        openIndex = -1;
    }

    @Override
    public void close() throws IOException {
        closeBlock();
    }

    /** No reachable node has the bytes. */
    static final class BytesUnavailableException extends IOException {

        private static final long serialVersionUID = 1L;

        BytesUnavailableException(String message) {
            super(message);
        }
    }
}
