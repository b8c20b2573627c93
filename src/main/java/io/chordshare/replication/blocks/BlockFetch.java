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
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches blocks from any node that holds them. Drops bytes that do not match the hash. */
public final class BlockFetch {

    private static final Logger log = LoggerFactory.getLogger(BlockFetch.class);

    /** A block comes within this time over a network that is no slower than 8 MB/s. */
    private static final Duration HEDGED_AFTER = Duration.ofMillis(500);
    private static final Duration ASKED_LAST_FOR = Duration.ofSeconds(30);
    private static final int MAX_SILENT = 64;

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final MemberCache members;
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
     * Asks one after the other: the next one as soon as one has failed, or has been silent for a moment (Dean and
     * Barroso, "The tail at scale", CACM 2013: hedged requests).
     */
    private Optional<byte[]> fromFirstOf(Collection<Peer> peers, Sha256 hash) {
        List<Peer> others = peers.stream().filter(peer -> !peer.sameNode(ring.state().self())).toList();
        List<CompletableFuture<Void>> turns = others.stream().map(peer -> new CompletableFuture<Void>()).toList();
        AtomicBoolean isThere = new AtomicBoolean();
        List<PeerCall<byte[]>> calls = new ArrayList<>();
        for (int i = 0; i < others.size(); i++) {
            int place = i;
            calls.add(() -> {
                boolean isNext = place == 0 || runtime.await(turns.get(place), HEDGED_AFTER.multipliedBy(place));
                if (isThere.get()) {
                    throw new PeerException(PeerException.Reason.NO_ANSWER, "another node has sent it");
                }
                if (!isNext) {
                    noteSilent(others.get(place - 1));
                }
                try {
                    byte[] bytes = ask(others.get(place), hash);
                    isThere.set(true);
                    return bytes;
                } catch (PeerException e) {
                    turns.stream().skip(place + 1L).findFirst().ifPresent(next -> next.complete(null));
                    throw e;
                }
            });
        }
        return Outcome.answers(runtime.gather(calls, outcomes -> !Outcome.answers(outcomes).isEmpty())).stream()
                .findFirst();
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
