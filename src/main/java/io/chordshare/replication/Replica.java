package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.Compare;
import io.chordshare.replication.ReplicaRequest.GetBlock;
import io.chordshare.replication.ReplicaRequest.Kept;
import io.chordshare.replication.ReplicaRequest.PutBlock;
import io.chordshare.replication.ReplicaRequest.ReadIndex;
import io.chordshare.replication.ReplicaRequest.ReadRecord;
import io.chordshare.replication.ReplicaRequest.ReleaseUpload;
import io.chordshare.replication.ReplicaRequest.ReplicaState;
import io.chordshare.replication.ReplicaRequest.States;
import io.chordshare.replication.ReplicaRequest.WriteRecord;
import io.chordshare.replication.ReplicaRequest.Written;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.blocks.BlockReader;
import io.chordshare.storage.error.BlockMismatchException;
import io.chordshare.storage.error.BlockMissingException;
import io.chordshare.storage.error.DiskFullException;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.error.TooManyUploadsException;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.IndexChanges;
import io.chordshare.storage.model.PutOutcome;
import io.chordshare.storage.model.RecordState;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.Version;
import io.chordshare.storage.records.FileIndex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** This node as a replica: answers requests of peers for records and blocks on its disk. */
public final class Replica {

    private final Plausibility plausibility;
    private final RingNode ring;
    private final NodeStore store;
    private final CaughtUpRanges coverage;
    private final RangeAnswers ranges;
    private final ReentrantReadWriteLock door = new ReentrantReadWriteLock();
    private volatile boolean closed;

    Replica(NodeRuntime runtime, RingNode ring, NodeStore store, CaughtUpRanges coverage) {
        this.plausibility = new Plausibility(runtime);
        this.ring = ring;
        this.store = store;
        this.coverage = coverage;
        this.ranges = new RangeAnswers(store, coverage);
    }

    /** Shortly before it leaves, this node accepts nothing new, because it would not be handed off. */
    void close(boolean toWrites) {
        // waits for records that are being written: after this none is
        door.writeLock().lock();
        try {
            closed = toWrites;
        } finally {
            door.writeLock().unlock();
        }
    }

    /**
     * Answers a peer.
     *
     * @throws PeerException when it cannot be done, with the reason
     */
    @SuppressWarnings("unchecked") // each request names the type of its answer
    public <A> A answer(ReplicaRequest<A> request) throws PeerException {
        try {
            return (A) switch (request) {
                case AskStates question -> states(question);
                case ReadRecord(String key) -> store.records().get(key).orElseThrow(() ->
                        new PeerException(Reason.NOT_FOUND, "no record of " + key + " here"));
                case WriteRecord write -> write(write);
                case PutBlock put ->
                        keep(put.hash(), new ByteArrayInputStream(put.buffer(), 0, put.length()), put.upload());
                case GetBlock(Sha256 hash) -> read(hash);
                case ReleaseUpload(String upload) -> {
                    store.blocks().release(upload);
                    yield new Kept();
                }
                case Compare compare -> ranges.answer(compare);
                case ReadIndex(String epoch, long after) -> index(epoch, after);
            };
        } catch (StorageException e) {
            throw translate(e);
        } catch (IOException e) {
            throw new PeerException(Reason.FAILED, "a block could not be closed", e);
        }
    }

    /** Keeps a block as it streams in. */
    public Kept keep(Sha256 hash, InputStream bytes, String upload) throws PeerException {
        checkOpen();
        try {
            store.blocks().put(hash, bytes, upload);
            return new Kept();
        } catch (StorageException e) {
            throw translate(e);
        } catch (IOException e) {
            throw new PeerException(Reason.FAILED, "the block did not arrive completely: send it again", e);
        }
    }

    /** Opens a block for streaming; every byte that is read was verified. */
    public BlockReader open(Sha256 hash) throws PeerException {
        try {
            return store.blocks().open(hash);
        } catch (StorageException e) {
            throw translate(e);
        }
    }

    private byte[] read(Sha256 hash) throws PeerException, IOException {
        try (BlockReader reader = open(hash)) {
            return reader.readAll();
        }
    }

    private States states(AskStates question) throws PeerException {
        checkMember();
        return new States(question.keys().stream().map(key -> state(key, question.wantsLines())).toList());
    }

    /** What is here of one key. */
    private ReplicaState state(String key, boolean withLine) {
        Optional<RecordState> found = store.records().state(key);
        boolean current = ring.state().status() == RingStatus.ALONE || coverage.covers(ChordId.parse(key));
        return found.map(state -> new ReplicaState(key, state.version(), state.deleted(), state.complete(), current,
                withLine ? line(state) : null))
                .orElseGet(() -> new ReplicaState(key, Version.NONE, false, false, current, null));
    }

    /** From the index, which is cheaper to read than the record; null when another version is there now. */
    private @Nullable FileEntry line(RecordState state) {
        return store.index().get(state.name()).filter(line -> line.version().equals(state.version()))
                .or(() -> store.records().get(state.key()).map(FileRecord::entry)
                        .filter(line -> line.version().equals(state.version()))).orElse(null);
    }

    private Written write(WriteRecord message) throws PeerException {
        checkMember();
        FileRecord record = message.record();
        Version here = store.records().state(record.key()).map(RecordState::version).orElse(Version.NONE);
        if (!plausibility.explains(here, record.version())) {
            throw new PeerException(Reason.REFUSED, "no writer can have reached the counter of this version");
        }
        boolean ofUpload = message.upload() != null;
        PutOutcome outcome;
        door.readLock().lock();
        try {
            checkOpen();
            outcome = store.records().put(record, message.wanted(), ofUpload);
        } finally {
            door.readLock().unlock();
        }
        if (ofUpload && outcome.isHere()) {
            // the record names the blocks now. If it is stale they stay: the upload goes on with the next version
            store.blocks().release(message.upload());
        }
        Optional<RecordState> now = store.records().state(record.key());
        return new Written(outcome, now.map(RecordState::version).orElse(Version.NONE),
                now.map(RecordState::complete).orElse(false));
    }

    private IndexChanges index(String epoch, long after) {
        FileIndex index = store.index();
        return index.changesSince(epoch.equals(index.epoch()) ? after : 0, ReadIndex.MAX_ENTRIES);
    }

    private void checkOpen() throws PeerException {
        if (closed) {
            throw new PeerException(Reason.NOT_A_MEMBER, ring.state().self() + " is leaving and takes nothing new");
        }
    }

    private void checkMember() throws PeerException {
        if (!ring.state().status().isMember()) {
            throw new PeerException(Reason.NOT_A_MEMBER, ring.state().self() + " is not a member of a ring yet");
        }
    }

    /** What a peer is told when this node's disk does not do its part. */
    public static PeerException translate(StorageException e) {
        Reason reason = switch (e) {
            case DiskFullException full -> Reason.DISK_FULL;
            case BlockMissingException missing -> Reason.NOT_FOUND;
            case BlockMismatchException mismatch -> Reason.REFUSED;
            case TooManyUploadsException many -> Reason.TOO_MANY;
            default -> Reason.FAILED;
        };
        return new PeerException(reason, e.getMessage(), e);
    }
}
