package io.chordshare.simulation.registers;

import io.chordshare.placement.View;
import io.chordshare.register.RegisterClient;
import io.chordshare.register.UnavailableException;
import io.chordshare.replication.ReplicaRequest.GetBlock;
import io.chordshare.replication.ReplicaRequest.Kept;
import io.chordshare.replication.ReplicaRequest.PutBlock;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Quorum;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.UploadId;
import io.chordshare.storage.model.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the file service will do with registers: bytes first, then the record. At one node. */
final class FileClient {

    private final RegisterNode at;

    FileClient(RegisterNode at) {
        this.at = at;
    }

    /** Too few nodes took the bytes: the record was offered to nobody. */
    static final class NotUploadedException extends Exception {

        private static final long serialVersionUID = 1L;
    }

    void put(String name, String value, Copies copies, boolean inBlock)
            throws UnavailableException, NotUploadedException {
        List<Peer> sources = inBlock ? upload(name, Values.bytes(value), copies) : List.of();
        at.registers.write(name, (before, next) -> Values.record(name, next, value, copies, inBlock), sources);
    }

    /** @param check throws unless it may replace what is there */
    void putIf(String name, String value, Copies copies, boolean inBlock, Consumer<Optional<String>> check)
            throws UnavailableException, NotUploadedException {
        List<Peer> sources = inBlock ? upload(name, Values.bytes(value), copies) : List.of();
        at.registers.update(name, (before, next) -> {
            check.accept(before.filter(record -> !record.deleted()).map(FileClient::nameOfValue));
            return Values.record(name, next, value, copies, inBlock);
        }, sources);
    }

    /** @param check throws unless what is there may be deleted */
    void delete(String name, Consumer<Optional<String>> check) throws UnavailableException {
        at.registers.update(name, (before, next) -> {
            check.accept(before.filter(record -> !record.deleted()).map(FileClient::nameOfValue));
            return tombstone(before.orElseThrow(), next);
        }, List.of());
    }

    private static FileRecord tombstone(FileRecord before, Version next) {
        return before.tombstone(next, before.modified());
    }

    /** Conditions compare hashes, as entity tags do. */
    static String nameOfValue(FileRecord record) {
        return record.sha256().toString();
    }

    /** The text of a file; empty when there is none. */
    Optional<String> get(String name) throws UnavailableException {
        RegisterClient.Found found = at.registers.read(name);
        if (found.file().isEmpty()) {
            return Optional.empty();
        }
        byte[] inline = found.file().get().content().inline();
        return Optional.of(Values.text(inline != null ? inline : download(found)));
    }

    private byte[] download(RegisterClient.Found found) throws UnavailableException {
        Sha256 hash = found.file().orElseThrow().content().blocks().getFirst();
        List<Peer> from = new ArrayList<>(found.holders());
        found.view().members().stream().filter(member -> !from.contains(member)).forEach(from::add);
        for (Peer peer : from) {
            Optional<byte[]> bytes = Outcome.of(() -> at.runtime.call(at.placement.newest(peer), new GetBlock(hash)))
                    .value().filter(sent -> Sha256.of(sent).equals(hash));
            if (bytes.isPresent()) {
                return bytes.get();
            }
        }
        throw unavailable();
    }

    private static UnavailableException unavailable() {
        return new UnavailableException(UnavailableException.Reason.BYTES_OUT_OF_REACH,
                "no node that answers has the bytes");
    }

    private List<Peer> upload(String name, byte[] bytes, Copies copies) throws NotUploadedException {
        int slot = at.placement.slots().ofName(name);
        View view = at.placement.known(slot).or(() -> at.placement.find(slot)).orElse(null);
        if (view == null) {
            throw new NotUploadedException();
        }
        String upload = UploadId.check("upload-" + Long.toHexString(at.node.random().nextLong()));
        int holders = Math.min(copies.count(), view.members().size());
        List<PeerCall<Peer>> calls = new ArrayList<>();
        view.members().subList(0, holders).forEach(member -> calls.add(() -> stored(member, bytes, upload)));
        List<Peer> stored = Outcome.answers(at.runtime.gather(calls, outcomes ->
                Outcome.answers(outcomes).size() >= Quorum.majorityOf(holders)));
        if (stored.size() < Quorum.majorityOf(holders)) {
            throw new NotUploadedException();
        }
        return stored;
    }

    private Peer stored(Peer member, byte[] bytes, String upload) throws PeerException {
        Kept kept = at.runtime.call(at.placement.newest(member), new PutBlock(Sha256.of(bytes), bytes, bytes.length,
                upload));
        return kept == null ? member : at.placement.newest(member);
    }
}
