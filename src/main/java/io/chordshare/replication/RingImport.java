package io.chordshare.replication;

import io.chordshare.register.GaveUpException;
import io.chordshare.register.RegisterClient;
import io.chordshare.register.UnavailableException;
import io.chordshare.replication.blocks.FileBlocks;
import io.chordshare.ring.RingNode;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.PeriodicTask;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Sha256;
import java.util.Iterator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the files that this node has brought along from another ring into its ring now, as a user would: of two files
 * of one name the newer one stays. Their bytes are on this node until then.
 */
final class RingImport {

    private static final Logger log = LoggerFactory.getLogger(RingImport.class);

    /** Records in memory at once: each may carry 64 KiB. */
    private static final int AT_ONCE = 32;

    private final RingNode ring;
    private final NodeStore store;
    private final RegisterClient registers;
    private final PeriodicTask background;
    /** Records of the last run whose bytes are at other nodes. */
    private volatile int withoutBytes;
    /** Whether the last run has found nothing but these. */
    private volatile boolean wasQuiet;

    RingImport(NodeRuntime runtime, RingNode ring, NodeStore store, RegisterClient registers) {
        this.ring = ring;
        this.store = store;
        this.registers = registers;
        this.background = new PeriodicTask("import", runtime, this::run, StorageException.class::isInstance);
    }

    PeriodicTask background() {
        return background;
    }

    private void run() {
        String after = null;
        List<FileRecord> some;
        int imported = 0;
        int lacking = 0;
        do {
            some = store.slotStates().imports(after, AT_ONCE);
            for (FileRecord record : some) {
                switch (importInto(record)) {
                    case DONE -> {
                        store.slotStates().imported(record);
                        imported++;
                    }
                    case LATER -> log.debug("{} is tried again", record.name());
                    case WITHOUT_BYTES -> lacking++;
                }
                after = record.key();
            }
        } while (some.size() == AT_ONCE && ring.state().status().canServe());
        withoutBytes = lacking;
        wasQuiet = imported == 0 && lacking == store.slotStates().importsLeft();
        if (imported > 0) {
            log.info("{} files of the ring that this node was in before are in this ring now; {} are left", imported,
                    store.slotStates().importsLeft());
        }
    }

    /** Whether files wait that this node can import: it must not leave before. */
    boolean isWorking() {
        long left = store.slotStates().importsLeft();
        return left > 0 && (left != withoutBytes || !wasQuiet);
    }

    private enum Outcome { DONE, LATER, WITHOUT_BYTES }

    /** Another node may have its bytes, and import it; then it is only looked up here. */
    private boolean hasBytes(FileRecord record) {
        if (!FileBlocks.listBlocks(record).stream().allMatch(store.blocks()::has)) {
            return false;
        }
        Iterator<Sha256> blocks = FileBlocks.dataBlocks(record, store.blocks());
        while (blocks.hasNext()) {
            if (!store.blocks().has(blocks.next())) {
                return false;
            }
        }
        return true;
    }

    private Outcome importInto(FileRecord record) {
        try {
            if (!hasBytes(record)) {
                boolean isThere = registers.read(record.name()).record()
                        .filter(there -> !isOlder(there, record)).isPresent();
                return isThere ? Outcome.DONE : Outcome.WITHOUT_BYTES;
            }
            registers.updateFrom(record.name(), (before, next) -> {
                if (before.filter(there -> !isOlder(there, record)).isPresent()) {
                    throw new GaveUpException("the ring has a newer file");
                }
                return RingRecovery.following(record, next);
            }, List.of(ring.state().self()));
            return Outcome.DONE;
        } catch (GaveUpException e) {
            return Outcome.DONE;
        } catch (UnavailableException e) {
            log.debug("{} is not imported yet: {}", record.name(), e.getMessage());
            return Outcome.LATER;
        }
    }

    private static boolean isOlder(FileRecord there, FileRecord here) {
        return there.modified().isBefore(here.modified());
    }
}
