package io.chordshare.files;

import io.chordshare.files.FileException.Reason;
import io.chordshare.id.ChordId;
import io.chordshare.register.UnavailableException;
import io.chordshare.replication.FileRegister;
import io.chordshare.replication.Replication;
import io.chordshare.replication.blocks.BufferBudget;
import io.chordshare.replication.blocks.BufferBudget.OverloadedException;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
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
import java.util.List;

/**
 * Handles uploads: reads the body once, cuts it into blocks, sends each block to the members that hold it as it
 * arrives, and writes the record when enough nodes have all blocks on disk. Writing the record completes the upload.
 * Nothing is visible before.
 */
public final class Uploads {

    /**
     * Bytes that are read before an upload asks the budget for memory. Each connection may have one such buffer; the
     * connection limit accounts for them.
     */
    private static final int CHUNK_BYTES = 16 * 1024;

    private final NodeRuntime runtime;
    private final NodeStore store;
    private final FileRegister register;
    private final Replication replication;
    private final BufferBudget budget;

    Uploads(NodeRuntime runtime, NodeStore store, FileRegister register, Replication replication,
            BufferBudget budget) {
        this.runtime = runtime;
        this.store = store;
        this.register = register;
        this.replication = replication;
        this.budget = budget;
    }

    /**
     * The parameters of an upload.
     *
     * @param declaredLength announced number of bytes, or -1
     * @param digests announced digests
     */
    public record Request(Copies copies, String contentType, long declaredLength, ExpectedDigests digests,
                   Condition condition) {}

    /** @param created whether the file is new */
    public record Result(FileRecord record, boolean created) {}

    /** Content and hash of the received body. */
    private record Received(Content content, long size, Sha256 sha256) {}

    Result upload(FileName name, InputStream body, Request request) throws IOException {
        if (request.declaredLength() > Content.MAX_FILE_BYTES) {
            throw tooLarge();
        }
        try {
            FileRegister.InOneRing there = register.inOneRing();
            if (request.condition().isForWriting()) {
                // refuses before the body arrives; checked again when the record is written
                request.condition().checkForWriting(there.find(name.value()).file());
            }
            BlockUploader uploader = new BlockUploader(runtime, membersOf(name, there), request.copies());
            try {
                ExpectedDigests.Reading reading = request.digests().reading(body);
                Received received = receive(reading.body(), request, uploader);
                check(received, request);
                reading.check(received.sha256());
                Result result = write(name, request, received, uploader.holders(), there);
                replication.announce(result.record().entry());
                return result;
            } finally {
                // A record now keeps the blocks where it is stored. Everywhere else no record names them, and they are
                // deleted
                uploader.release();
            }
        } catch (UnavailableException e) {
            throw FileErrors.of(e);
        } catch (OverloadedException e) {
            throw FileErrors.of(e);
        } catch (StorageException e) {
            throw FileErrors.of(e);
        }
    }

    private static BlockUploader.Members membersOf(FileName name, FileRegister.InOneRing there) {
        return new BlockUploader.Members() {
            @Override
            public List<Peer> now() throws UnavailableException {
                return there.members(name.value());
            }

            @Override
            public List<Peer> asTheRingSays() throws UnavailableException {
                return there.membersAsTheRingSays(name.value());
            }
        };
    }

    private static Result write(FileName name, Request request, Received received, List<Peer> holders,
                                FileRegister.InOneRing there) throws UnavailableException {
        boolean[] created = new boolean[1];
        FileRegister.Proposal proposal = (current, next) -> {
            request.condition().checkForWriting(current);
            created[0] = current.isEmpty();
            return new FileRecord(ChordId.ofName(name.value()).toString(), name.value(), 0, next.version(), false,
                    received.size(), received.sha256(), request.contentType(), next.modified(), request.copies(),
                    received.content());
        };
        FileRecord record = request.condition().isForWriting() ? there.update(name.value(), proposal, holders)
                : there.write(name.value(), proposal, holders);
        return new Result(record, created[0]);
    }

    private Received receive(InputStream body, Request request, BlockUploader uploader)
            throws IOException, OverloadedException, UnavailableException {
        MessageDigest whole = Sha256.newDigest();
        BlockList list = new BlockList(uploader);
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
                    list.add(uploader.send(block.inMemory(), block.length()));
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

    /** A small file takes little memory, so many uploads can run at once. */
    private static int atMost(int most, long declaredLength) {
        return declaredLength < 0 ? most : (int) Math.min(most, Math.max(1, declaredLength));
    }

    private static void check(Received received, Request request) {
        if (request.declaredLength() >= 0 && received.size() != request.declaredLength()) {
            throw new FileException(Reason.TRUNCATED, "Nothing was stored: only " + received.size()
                    + " of " + request.declaredLength() + " bytes arrived. Send the file again");
        }
    }

    private static FileException tooLarge() {
        return new FileException(Reason.TOO_LARGE, "A file may have at most " + Content.MAX_FILE_BYTES
                + " bytes. Split it into several files");
    }
}
