package io.chordshare.simulation.registers;

import io.chordshare.register.BlockSource;
import io.chordshare.replication.ReplicaRequest.GetBlock;
import io.chordshare.replication.ReplicaRequest.Kept;
import io.chordshare.replication.ReplicaRequest.PutBlock;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Sha256;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The blocks of one process. A block is durable before anybody hears of it, and goes as soon as no record names it and
 * no upload or fetch has held it for a while.
 */
final class SimulatedBlocks implements BlockSource {

    private static final Duration HELD_FOR = Duration.ofSeconds(60);

    private final NodeRuntime runtime;
    private final StoreDisk disk;
    private final Random random;
    private final Map<Sha256, Duration> heldUntil = new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));

    SimulatedBlocks(NodeRuntime runtime, StoreDisk disk, Random random) {
        this.runtime = runtime;
        this.disk = disk;
        this.random = random;
    }

    Kept put(PutBlock block) throws PeerException {
        byte[] bytes = Arrays.copyOf(block.buffer(), block.length());
        if (!Sha256.of(bytes).equals(block.hash())) {
            throw new PeerException(Reason.REFUSED, "other bytes than the hash says");
        }
        store(block.hash(), bytes);
        return new Kept();
    }

    private void store(Sha256 hash, byte[] bytes) {
        heldUntil.put(hash, runtime.uptime().plus(HELD_FOR));
        runtime.sleep(Duration.ofMillis(1 + random.nextInt(10)));
        disk.blocks.put(hash.toString(), bytes);
        heldUntil.put(hash, runtime.uptime().plus(HELD_FOR));
    }

    byte[] get(GetBlock request) throws PeerException {
        byte[] bytes = disk.blocks.get(request.hash().toString());
        if (bytes == null) {
            throw new PeerException(Reason.NOT_FOUND, "no such block here");
        }
        return bytes;
    }

    boolean has(FileRecord record) {
        return record.deleted() || record.content().blocks().stream()
                .allMatch(hash -> disk.blocks.containsKey(hash.toString()));
    }

    @Override
    public boolean fetch(FileRecord record, List<Peer> from) {
        for (Sha256 hash : record.content().blocks()) {
            if (!disk.blocks.containsKey(hash.toString()) && !fetch(hash, from)) {
                return false;
            }
            heldUntil.put(hash, runtime.uptime().plus(HELD_FOR));
        }
        return true;
    }

    private boolean fetch(Sha256 hash, List<Peer> from) {
        for (Peer peer : from) {
            try {
                byte[] bytes = runtime.call(peer, new GetBlock(hash));
                if (Sha256.of(bytes).equals(hash)) {
                    store(hash, bytes);
                    return true;
                }
            } catch (PeerException e) {
                // the next one may have it
                continue;
            }
        }
        return false;
    }

    /** Frees what none of these records names: as eagerly as it may. */
    void collect(Stream<FileRecord> records) {
        Set<String> named = records.flatMap(record -> record.content().blocks().stream())
                .map(Sha256::toString).collect(Collectors.toSet());
        heldUntil.values().removeIf(until -> until.compareTo(runtime.uptime()) < 0);
        disk.blocks.keySet().removeIf(hash -> !named.contains(hash)
                && heldUntil.keySet().stream().noneMatch(held -> held.toString().equals(hash)));
    }
}
