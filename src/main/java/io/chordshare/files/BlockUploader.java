package io.chordshare.files;

import io.chordshare.register.UnavailableException;
import io.chordshare.replication.ReplicaRequest.Kept;
import io.chordshare.replication.ReplicaRequest.PutBlock;
import io.chordshare.replication.ReplicaRequest.ReleaseUpload;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Quorum;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.Sha256;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Sends the blocks of one upload to the nodes that must hold them. A node that fails once gets no more blocks of this
 * upload; repair sends it the file later. So a slow node delays an upload by at most one timeout.
 */
final class BlockUploader {

    private final NodeRuntime runtime;
    private final String upload;
    private final Members members;
    private final Copies copies;
    private final List<Peer> targets = new ArrayList<>();
    private final List<Peer> failed = new ArrayList<>();
    private final List<PeerException> failures = new ArrayList<>();
    private int needed;
    private long blocks;
    private boolean hasAskedAgain;

    /** Tells which nodes answer for the file. Asked when the first block is there: small files need none. */
    interface Members {

        List<Peer> now() throws UnavailableException;

        /** As {@link #now}, but the ring is asked first. */
        List<Peer> asTheRingSays() throws UnavailableException;
    }

    BlockUploader(NodeRuntime runtime, Members members, Copies copies) {
        this.runtime = runtime;
        this.members = members;
        this.copies = copies;
        upload = "upload-" + Long.toHexString(runtime.random().nextLong());
    }

    /** The nodes that have all blocks so far. */
    List<Peer> holders() {
        return List.copyOf(targets);
    }

    /** Sends one block. Returns its hash once enough nodes have it on disk. */
    Sha256 send(byte[] buffer, int length) throws UnavailableException {
        if (needed == 0) {
            targets.addAll(members.now().stream().limit(copies.count()).toList());
            needed = Quorum.majorityOf(targets.size());
        }
        Sha256 hash = Sha256.of(buffer, 0, length);
        PutBlock block = new PutBlock(hash, buffer, length, upload);
        List<PeerCall<Kept>> calls = new ArrayList<>();
        List<Peer> kept = Collections.synchronizedList(new ArrayList<>());
        for (Peer target : targets) {
            calls.add(() -> {
                Kept answer = runtime.call(target, block);
                kept.add(target);
                return answer;
            });
        }
        // Waits for all nodes, because the buffer is reused for the next block
        for (Outcome<Kept> outcome : runtime.gather(calls)) {
            if (outcome instanceof Outcome.Failed<Kept>(PeerException reason)) {
                failures.add(reason);
            }
        }
        List<Peer> dropped = targets.stream().filter(target -> !kept.contains(target)).toList();
        failed.addAll(dropped);
        targets.removeAll(dropped);
        if (targets.size() < needed) {
            if (blocks == 0 && !hasAskedAgain) {
                return sendToOthers(buffer, length);
            }
            throw tooFew();
        }
        blocks++;
        return hash;
    }

    /** Those that this node remembered may have been replaced long ago: the ring knows who answers for the file now. */
    private Sha256 sendToOthers(byte[] buffer, int length) throws UnavailableException {
        hasAskedAgain = true;
        failed.addAll(targets);
        targets.clear();
        failures.clear();
        targets.addAll(members.asTheRingSays().stream().limit(copies.count()).toList());
        failed.removeIf(peer -> targets.stream().anyMatch(peer::sameNode));
        needed = Quorum.majorityOf(targets.size());
        return send(buffer, length);
    }

    /**
     * Tells the nodes that the upload has ended: blocks that no record names may be deleted. Best effort: a node that
     * misses this deletes them later.
     */
    void release() {
        if (needed == 0) {
            return;
        }
        List<Peer> all = new ArrayList<>(targets);
        all.addAll(failed);
        runtime.start("release-upload", () -> {
            List<PeerCall<Kept>> calls = new ArrayList<>();
            all.forEach(target -> calls.add(() -> runtime.call(target, new ReleaseUpload(upload))));
            runtime.gather(calls);
        });
    }

    private UnavailableException tooFew() {
        long fullNodes = failures.stream().filter(failure -> failure.reason() == PeerException.Reason.DISK_FULL)
                .count();
        // with these there would have been enough
        boolean full = fullNodes > 0 && targets.size() + fullNodes >= needed;
        String why = failures.stream().map(PeerException::getMessage).collect(Collectors.joining("; "));
        return full ? new UnavailableException(UnavailableException.Reason.DISK_FULL, why)
                : new UnavailableException(UnavailableException.Reason.NO_MAJORITY, "only " + targets.size() + " of "
                        + (targets.size() + failed.size()) + " nodes stored a block: " + why);
    }
}
