package io.chordshare.replication.blocks;

import io.chordshare.register.BlockSource;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.blocks.Pins;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the bytes of records to this node's disk. The blocks of a record stay for a while after that, until the record
 * names them.
 */
public final class RecordBytes implements BlockSource {

    private static final Logger log = LoggerFactory.getLogger(RecordBytes.class);

    /** The record is stored before that, or its step has failed. */
    private static final Duration KEPT_FOR = Duration.ofSeconds(15);
    /** Fetches whose blocks wait for their record. */
    private static final int MAX_PINS = Pins.MAX_COPIES - 10;
    /** Later than every end of a fetch. */
    private static final Duration UNDER_WAY = Duration.ofDays(1_000_000);
    private static final Duration BUFFER_PATIENCE = Duration.ofSeconds(10);

    private final NodeRuntime runtime;
    private final NodeStore store;
    private final BlockFetch fetch;
    private final BufferBudget budget;
    private final Map<String, Duration> pins = new TreeMap<>();
    /** Who asks again gets no second fetch. At most as many as there are pins. */
    private final Set<String> underWay = new TreeSet<>();
    private long fetches;

    public RecordBytes(NodeRuntime runtime, NodeStore store, BlockFetch fetch, BufferBudget budget) {
        this.runtime = runtime;
        this.store = store;
        this.fetch = fetch;
        this.budget = budget;
    }

    @Override
    public boolean fetch(FileRecord record, List<Peer> from) {
        if (record.carriesItsBytes()) {
            return true;
        }
        if (!store.hasRoomForRepair()) {
            log.debug("no room for a copy of {}", record.name());
            return false;
        }
        String what = record.key() + " " + record.version();
        String pin = begin(what);
        if (pin.isEmpty()) {
            return false;
        }
        try {
            for (Sha256 hash : FileBlocks.listBlocks(record)) {
                fetchBlock(hash, from, pin);
            }
            for (Iterator<Sha256> blocks = FileBlocks.dataBlocks(record, store.blocks()); blocks.hasNext();) {
                fetchBlock(blocks.next(), from, pin);
            }
            return true;
        } catch (StorageException e) {
            log.debug("the disk takes no copy of {}", record.name(), e);
            return false;
        } catch (PeerException | BufferBudget.OverloadedException | IOException e) {
            log.info("No copy of {} yet: {}", record.name(), e.getMessage());
            return false;
        } finally {
            synchronized (this) {
                pins.put(pin, runtime.uptime());
                underWay.remove(what);
            }
        }
    }

    /** A name under which blocks are kept; empty while too many wait, or the same record is being fetched. */
    private synchronized String begin(String what) {
        if (pins.size() >= MAX_PINS || !underWay.add(what)) {
            return "";
        }
        String pin = Pins.COPY + fetches++;
        pins.put(pin, UNDER_WAY);
        return pin;
    }

    private void fetchBlock(Sha256 hash, List<Peer> likely, String pin)
            throws PeerException, BufferBudget.OverloadedException, IOException {
        if (store.blocks().pinIfHere(hash, pin)) {
            return;
        }
        // the fetched bytes are accounted for by the lease; its own buffer is never made
        BufferBudget.Lease lease = budget.lend(Content.BLOCK_BYTES, BUFFER_PATIENCE);
        try {
            byte[] bytes = fetch.fetch(hash, likely).orElseThrow(() -> new PeerException(
                    PeerException.Reason.NOT_FOUND, "no reachable node has block " + hash));
            store.blocks().put(hash, new ByteArrayInputStream(bytes), pin);
        } finally {
            lease.close();
        }
    }

    /** Releases blocks that were fetched some time ago: their record names them, or nobody needs them. */
    public void releaseOld() {
        List<String> old;
        synchronized (this) {
            Duration now = runtime.uptime();
            old = pins.entrySet().stream().filter(pin -> now.minus(pin.getValue()).compareTo(KEPT_FOR) > 0)
                    .map(Map.Entry::getKey).toList();
            old.forEach(pins::remove);
        }
        old.forEach(store.blocks()::release);
    }
}
