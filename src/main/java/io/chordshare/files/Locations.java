package io.chordshare.files;

import io.chordshare.id.ChordId;
import io.chordshare.replication.FileRegister;
import io.chordshare.replication.MemberCache;
import io.chordshare.replication.Replication;
import io.chordshare.replication.Replication.Holding;
import io.chordshare.replication.UnavailableException;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.model.FileRecord;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the copies of a file by asking the nodes. */
public final class Locations {

    private final FileRegister register;
    private final Replication replication;

    public Locations(FileRegister register, Replication replication) {
        this.register = register;
        this.replication = replication;
    }

    /**
     * @param owner the first node that is responsible for the file
     * @param ownerSet all nodes that are responsible for it
     * @param holders nodes that hold all its bytes
     * @param missing copies that are required and possible, but do not exist yet
     * @param wanted copies that are required beyond the number of nodes
     */
    public record Location(String name, String key, Peer owner, List<Peer> ownerSet, List<Peer> holders, int missing,
                    int wanted) {}

    public Location of(FileName name) {
        try {
            FileRegister.Found found = register.find(name.value());
            FileRecord record = found.file().orElseThrow(() -> FileService.notFound(name));
            ChordId key = ChordId.parse(record.key());
            List<Peer> ring = replication.members().refresh();
            List<Holding> holdings = replication.holdings(key, ring);
            List<Peer> holders = holdings.stream()
                    .filter(holding -> holding.state().complete()
                            && holding.state().version().equals(record.version()))
                    .map(Holding::peer).sorted((a, b) -> a.id().compareTo(b.id())).toList();
            Set<ChordId> holderIds = holders.stream().map(Peer::id).collect(Collectors.toSet());
            List<Peer> designated = MemberCache.ownersOf(key, ring, record.copies().count());
            int missing = (int) designated.stream().filter(peer -> !holderIds.contains(peer.id())).count();
            int wanted = record.copies().all() ? 0 : Math.max(0, record.copies().count() - ring.size());
            return new Location(record.name(), record.key(), found.owners().owner(), found.owners().members(),
                    holders, missing, wanted);
        } catch (UnavailableException e) {
            throw FileErrors.of(e);
        }
    }
}
