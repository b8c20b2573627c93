package io.chordshare.replication.blocks;

import io.chordshare.id.ChordId;
import io.chordshare.replication.MemberCache;
import io.chordshare.replication.ReplicaRequest.GetBlock;
import io.chordshare.ring.RingNode;
import io.chordshare.runtime.BoundedMap;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches blocks from any node that holds them. Drops bytes that do not match the hash. */
public final class BlockFetch {

    private static final Logger log = LoggerFactory.getLogger(BlockFetch.class);

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

    private Optional<byte[]> fromFirstOf(Collection<Peer> peers, Sha256 hash) {
        for (Peer peer : peers) {
            if (peer.sameNode(ring.state().self())) {
                continue;
            }
            try {
                byte[] bytes = runtime.call(peer, new GetBlock(hash));
                if (Sha256.of(bytes).equals(hash)) {
                    return Optional.of(bytes);
                }
                log.warn("{} sent block {} with other bytes than its name says", peer, hash);
            } catch (PeerException e) {
                log.debug("block {} not from {}: {}", hash, peer, e.getMessage());
                if (e.reason() == PeerException.Reason.NO_ANSWER) {
                    noteSilent(peer);
                }
            }
        }
        return Optional.empty();
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
