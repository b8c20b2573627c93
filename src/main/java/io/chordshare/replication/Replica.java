package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.placement.Placement;
import io.chordshare.register.disk.DiskFailures;
import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.replication.ReplicaRequest.GetBlock;
import io.chordshare.replication.ReplicaRequest.Kept;
import io.chordshare.replication.ReplicaRequest.PutBlock;
import io.chordshare.replication.ReplicaRequest.ReadIndex;
import io.chordshare.replication.ReplicaRequest.ReadRecord;
import io.chordshare.replication.ReplicaRequest.ReleaseUpload;
import io.chordshare.replication.ReplicaRequest.ReplicaState;
import io.chordshare.replication.ReplicaRequest.States;
import io.chordshare.ring.RingNode;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.blocks.BlockReader;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.IndexChanges;
import io.chordshare.storage.model.RecordState;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.Version;
import io.chordshare.storage.records.FileIndex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** This node as a replica: answers requests of peers for records and blocks on its disk. */
public final class Replica {

    private final RingNode ring;
    private final NodeStore store;
    private final Placement placement;

    Replica(RingNode ring, NodeStore store, Placement placement) {
        this.ring = ring;
        this.store = store;
        this.placement = placement;
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
                case PutBlock put ->
                        keep(put.hash(), new ByteArrayInputStream(put.buffer(), 0, put.length()), put.upload());
                case GetBlock(Sha256 hash) -> read(hash);
                case ReleaseUpload(String upload) -> {
                    store.blocks().release(upload);
                    yield new Kept();
                }
                case ReadIndex(String epoch, long after) -> index(epoch, after);
            };
        } catch (StorageException e) {
            throw DiskFailures.translate(e);
        } catch (IOException e) {
            throw new PeerException(Reason.FAILED, "a block could not be closed", e);
        }
    }

    /** Keeps a block as it streams in. */
    public Kept keep(Sha256 hash, InputStream bytes, String upload) throws PeerException {
        try {
            store.blocks().put(hash, bytes, upload);
            return new Kept();
        } catch (StorageException e) {
            throw DiskFailures.translate(e);
        } catch (IOException e) {
            throw new PeerException(Reason.FAILED, "the block did not arrive completely: send it again", e);
        }
    }

    /** Opens a block for streaming; every byte that is read was verified. */
    public BlockReader open(Sha256 hash) throws PeerException {
        try {
            return store.blocks().open(hash);
        } catch (StorageException e) {
            throw DiskFailures.translate(e);
        }
    }

    private byte[] read(Sha256 hash) throws PeerException, IOException {
        try (BlockReader reader = open(hash)) {
            return reader.readAll();
        }
    }

    private States states(AskStates question) throws PeerException {
        checkMember();
        return new States(IntStream.range(0, question.keys().size())
                .mapToObj(index -> state(question, index)).toList());
    }

    /** What is here of one key. */
    private ReplicaState state(AskStates question, int index) {
        String key = question.keys().get(index);
        Optional<RecordState> found = store.records().state(key);
        boolean current = placement.serves(placement.slots().of(ChordId.parse(key)), question.view(index));
        return found.map(state -> new ReplicaState(key, state.version(), state.deleted(), state.complete(), current,
                question.wantsLines() ? line(state) : null))
                .orElseGet(() -> new ReplicaState(key, Version.NONE, false, false, current, null));
    }

    /** From the index, which is cheaper to read than the record; null when another version is there now. */
    private @Nullable FileEntry line(RecordState state) {
        return store.index().get(state.name()).filter(line -> line.version().equals(state.version()))
                .or(() -> store.records().get(state.key()).map(FileRecord::entry)
                        .filter(line -> line.version().equals(state.version()))).orElse(null);
    }

    private IndexChanges index(String epoch, long after) {
        FileIndex index = store.index();
        return index.changesSince(epoch.equals(index.epoch()) ? after : 0, ReadIndex.MAX_ENTRIES);
    }

    private void checkMember() throws PeerException {
        if (!ring.state().status().isMember()) {
            throw new PeerException(Reason.NOT_A_MEMBER, ring.state().self() + " is not a member of a ring yet");
        }
    }
}
