package io.chordshare.replication.blocks;

import io.chordshare.id.ChordId;
import io.chordshare.replication.MemberCache;
import io.chordshare.replication.ReplicaRequest.GetBlock;
import io.chordshare.ring.RingNode;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.storage.model.Sha256;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches blocks from any node that holds them. Drops bytes that do not match the hash. */
public final class BlockFetch {

    private static final Logger log = LoggerFactory.getLogger(BlockFetch.class);

    /** A block comes within this time over a network that is no slower than 8 MB/s. */
    private static final Duration HEDGED_AFTER = Duration.ofMillis(500);
    private static final Duration ASKED_LAST_FOR = Duration.ofSeconds(30);
    private static final int MAX_SILENT = 64;
    /** Blocks of this node that are asked for twice at a time: the second one is not in the budget of who waits. */
    private static final int MAX_HEDGES = 2;

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final MemberCache members;
    private final AtomicInteger hedges = new AtomicInteger();
    private final BoundedMap<ChordId, Duration> silentSince = BoundedMap.byAge(MAX_SILENT);

    public BlockFetch(NodeRuntime runtime, RingNode ring, MemberCache members) {
        this.runtime = runtime;
        this.ring = ring;
        this.members = members;
    }

    /**
     * The bytes of a block: from {@code likely} holders first, then from anybody else in the ring.
     *
     * @return empty when nobody who answers has it
     */
    public Optional<byte[]> fetch(Sha256 hash, Collection<Peer> likely) {
        List<Peer> first = new ArrayList<>(likely);
        // not always the same one first: holders share the load
        Collections.shuffle(first, new Random(runtime.random().nextLong()));
        first.sort(Comparator.comparing(this::wasSilent));
        Optional<byte[]> found = fromFirstOf(first, hash);
        if (found.isPresent()) {
            return found;
        }
        Map<String, Peer> others = new LinkedHashMap<>();
        members.now().stream().sorted(Comparator.comparing(this::wasSilent))
                .forEach(peer -> others.put(peer.id().toString(), peer));
        // a node that is at another address now is asked there
        first.forEach(peer -> others.remove(peer.id().toString(), peer));
        return fromFirstOf(others.values(), hash);
    }

    /**
     * Asks one after the other. When the first one is silent for a moment, a second line of questions goes on beside it
     * (Dean and Barroso, "The tail at scale", CACM 2013: hedged requests), so at most two nodes are asked at a time.
     */
    private Optional<byte[]> fromFirstOf(Collection<Peer> peers, Sha256 hash) {
        List<Peer> others = peers.stream().filter(peer -> !peer.sameNode(ring.state().self())).toList();
        Search search = new Search(others, hash);
        List<PeerCall<byte[]>> lines = new ArrayList<>(List.of(search::askInTurn));
        if (others.size() > 1) {
            lines.add(search::hedge);
        }
        return Outcome.answers(runtime.gather(lines, outcomes -> !Outcome.answers(outcomes).isEmpty())).stream()
                .findFirst();
    }

    /** The search for one block at some nodes. */
    private final class Search {

        private final Sha256 hash;
        private final Queue<Peer> left;
        /** Complete when the block is there, or nobody is left to ask. */
        private final CompletableFuture<Boolean> over = new CompletableFuture<>();
        private volatile @Nullable Peer asked;

        private Search(List<Peer> others, Sha256 hash) {
            this.hash = hash;
            this.left = new ConcurrentLinkedQueue<>(others);
        }

        private byte[] askInTurn() throws PeerException {
            for (Peer peer = left.poll(); peer != null && !over.isDone(); peer = left.poll()) {
                Peer next = peer;
                asked = next;
                Outcome<byte[]> outcome = Outcome.of(() -> ask(next, hash));
                if (outcome.value().isPresent()) {
                    over.complete(true);
                    return outcome.value().get();
                }
            }
            over.complete(false);
            throw new PeerException(PeerException.Reason.NOT_FOUND, "nobody who was asked has sent the block");
        }

        private byte[] hedge() throws PeerException {
            if (runtime.await(over, HEDGED_AFTER)) {
                throw new PeerException(PeerException.Reason.NOT_FOUND, "no second line was needed");
            }
            Peer silent = asked;
            if (silent != null) {
                noteSilent(silent);
            }
            try {
                if (hedges.incrementAndGet() > MAX_HEDGES) {
                    throw new PeerException(PeerException.Reason.OVERLOADED, "enough blocks are fetched twice");
                }
                return askInTurn();
            } finally {
                hedges.decrementAndGet();
            }
        }
    }

    private byte[] ask(Peer peer, Sha256 hash) throws PeerException {
        try {
            byte[] bytes = runtime.call(peer, new GetBlock(hash));
            if (!Sha256.of(bytes).equals(hash)) {
                log.warn("{} sent block {} with other bytes than its name says", peer, hash);
                throw new PeerException(PeerException.Reason.FAILED, "other bytes than the hash says");
            }
            return bytes;
        } catch (PeerException e) {
            log.debug("block {} not from {}: {}", hash, peer, e.getMessage());
            if (e.reason() == PeerException.Reason.NO_ANSWER) {
                noteSilent(peer);
            }
            throw e;
        }
    }

    /** A node that hangs costs a wait: for a while it is asked after all others, by every download of this node. */
    private void noteSilent(Peer peer) {
        synchronized (silentSince) {
            silentSince.put(peer.id(), runtime.uptime());
        }
    }

    private boolean wasSilent(Peer peer) {
        Duration since;
        synchronized (silentSince) {
            since = silentSince.get(peer.id());
        }
        return since != null && runtime.uptime().minus(since).compareTo(ASKED_LAST_FOR) < 0;
    }
}
