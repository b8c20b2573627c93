package io.chordshare.files;

import io.chordshare.files.FileException.Reason;
import io.chordshare.id.ChordId;
import io.chordshare.replication.FileRegister;
import io.chordshare.replication.NextRecord;
import io.chordshare.replication.Replication;
import io.chordshare.replication.UnavailableException;
import io.chordshare.replication.blocks.BufferBudget.OverloadedException;
import io.chordshare.replication.blocks.BufferBudget;
import io.chordshare.ring.lookup.OwnerSet;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/**
 * Takes a file in: reads the stream once, cuts it, sends each piece on to the owner set as it comes, and writes the
 * record when enough nodes have all pieces on their disks. Writing the record is the upload; before it nothing is
 * visible.
 */
public final class Uploads {

    /**
     * What has to arrive before an upload asks for memory of the budget. Each connection may have one of these, for
     * which the limit of connections provides.
     */
    private static final int CHUNK_BYTES = 16 * 1024;

    private final NodeRuntime runtime;
    private final NodeStore store;
    private final FileRegister catalogue;
    private final Replication replication;
    private final BufferBudget budget;

    Uploads(NodeRuntime runtime, NodeStore store, FileRegister catalogue, Replication replication,
            BufferBudget budget) {
        this.runtime = runtime;
        this.store = store;
        this.catalogue = catalogue;
        this.replication = replication;
        this.budget = budget;
    }

    /**
     * What came with a body.
     *
     * @param declaredLength bytes that were announced, or -1
     * @param digests        hashes that were announced
     */
    public record Request(Copies copies, String contentType, long declaredLength, ExpectedDigests digests,
                   Condition condition) {}

    /** @param created whether there was no such file before */
    public record Result(FileRecord record, boolean created) {}

    /** Body and hash of everything that was read. */
    private record Received(Content content, long size, Sha256 sha256) {}

    Result upload(FileName name, InputStream body, Request request) throws IOException {
        if (request.declaredLength() > Content.MAX_FILE_BYTES) {
            throw tooLarge();
        }
        try {
            FileRegister.Found before = catalogue.find(name.value());
            request.condition().checkForWriting(before.file());
            OwnerSet owners = catalogue.ownersForWriting(ChordId.ofName(name.value()));
            BlockUploader sending = new BlockUploader(runtime, owners, request.copies());
            try {
                ExpectedDigests.Reading reading = request.digests().reading(body);
                Received received = receive(reading.body(), request, sending);
                check(received, request);
                reading.check(received.sha256());
                Result result = write(name, request, received, sending.upload());
                replication.announce(result.record().entry());
                return result;
            } finally {
                // where the record is, it names the blocks now; elsewhere nothing does, and they go
                sending.release();
            }
        } catch (UnavailableException e) {
            throw FileErrors.of(e);
        } catch (OverloadedException e) {
            throw FileErrors.of(e);
        } catch (StorageException e) {
            throw FileErrors.of(e);
        }
    }

    private Result write(FileName name, Request request, Received received, String upload)
            throws UnavailableException {
        boolean[] created = new boolean[1];
        FileRecord record = catalogue.write(name.value(), (Optional<FileRecord> current, NextRecord next) -> {
            request.condition().checkForWriting(current);
            created[0] = current.isEmpty();
            return new FileRecord(ChordId.ofName(name.value()).toString(), name.value(), 0, next.version(), false,
                    received.size(), received.sha256(), request.contentType(), next.modified(), request.copies(),
                    received.content());
        }, upload);
        return new Result(record, created[0]);
    }

    private Received receive(InputStream body, Request request, BlockUploader sending)
            throws IOException, OverloadedException, UnavailableException {
        MessageDigest whole = Sha256.newDigest();
        BlockList list = new BlockList(sending);
        long size = 0;
        int blockSize = atMost(Content.BLOCK_BYTES, request.declaredLength());
        byte[] chunk = new byte[atMost(CHUNK_BYTES, request.declaredLength())];
        try (HeldBlock block = new HeldBlock(budget, store.blocks()::newScratch, blockSize)) {
            while (true) {
                int wanted = Math.min(chunk.length, blockSize - block.length());
                int count = body.readNBytes(chunk, 0, wanted);
                whole.update(chunk, 0, count);
                size += count;
                boolean last = count < wanted || size == request.declaredLength();
                if (last && size == count) {
                    return new Received(Content.inline(Arrays.copyOf(chunk, count)), size,
                            Sha256.fromBytes(whole.digest()));
                }
                block.append(chunk, count);
                if (last && size <= Content.MAX_INLINE_BYTES) {
                    return new Received(Content.inline(Arrays.copyOf(block.inMemory(), block.length())), size,
                            Sha256.fromBytes(whole.digest()));
                }
                if (block.length() == blockSize || last && block.length() > 0) {
                    list.add(sending.send(block.inMemory(), block.length()));
                    block.next();
                }
                if (size > Content.MAX_FILE_BYTES) {
                    throw tooLarge();
                }
                if (last) {
                    return new Received(list.finish(), size, Sha256.fromBytes(whole.digest()));
                }
            }
        }
    }

    /** Small files take little memory, so that many of them can be under way. */
    private static int atMost(int most, long declaredLength) {
        return declaredLength < 0 ? most : (int) Math.min(most, Math.max(1, declaredLength));
    }

    private static void check(Received received, Request request) {
        if (request.declaredLength() >= 0 && received.size() != request.declaredLength()) {
            throw new FileException(Reason.TRUNCATED, "Nothing was stored: " + received.size()
                    + " of " + request.declaredLength() + " bytes arrived. Send the file again");
        }
    }

    private static FileException tooLarge() {
        return new FileException(Reason.TOO_LARGE, "A file may have at most " + Content.MAX_FILE_BYTES
                + " bytes. Cut it into several");
    }
}
