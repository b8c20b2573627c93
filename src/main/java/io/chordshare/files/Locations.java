package io.chordshare.files;

import io.chordshare.id.ChordId;
import io.chordshare.placement.View;
import io.chordshare.register.RegisterClient;
import io.chordshare.register.UnavailableException;
import io.chordshare.replication.FileRegister;
import io.chordshare.replication.MemberCache;
import io.chordshare.replication.Replication;
import io.chordshare.replication.Replication.Holding;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.model.FileRecord;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the copies of a file by asking the nodes. */
public final class Locations {

    private final FileRegister register;
    private final Replication replication;

    public Locations(FileRegister register, Replication replication) {
        this.register = register;
        this.replication = replication;
    }

    /**
     * @param key      the first position of the file's slot
     * @param owner    the first node that answers for the file
     * @param ownerSet all nodes that answer for it: the members of the view
     * @param view     the number of the view
     * @param holders  nodes that hold all its bytes
     * @param missing  copies that are required and possible, but do not exist yet
     * @param wanted   copies that are required beyond the number of nodes
     */
    public record Location(String name, String key, Peer owner, List<Peer> ownerSet, long view, List<Peer> holders,
                    int missing, int wanted) {}

    public Location of(FileName name) {
        try {
            RegisterClient.Found found = register.inOneRing().find(name.value());
            FileRecord record = found.file().orElseThrow(() -> FileService.notFound(name));
            View view = found.view();
            List<Peer> ring = replication.members().refresh();
            List<Peer> holders = replication.holdings(ChordId.parse(record.key()), ring).stream()
                    .filter(holding -> holding.state().complete()
                            && holding.state().version().equals(record.version()))
                    .map(Holding::peer).sorted((a, b) -> a.id().compareTo(b.id())).toList();
            Set<ChordId> holderIds = holders.stream().map(Peer::id).collect(Collectors.toSet());
            ChordId key = replication.placement().slots().start(view.slot());
            int missing = (int) designated(record, view, MemberCache.ownersOf(key, ring, record.copies().count()))
                    .filter(peer -> !holderIds.contains(peer.id())).count();
            int wanted = record.copies().all() ? 0 : Math.max(0, record.copies().count() - ring.size());
            List<Peer> members = view.members().stream().map(member -> asItIsNow(member, ring)).toList();
            return new Location(record.name(), key.toString(), members.getFirst(), members, view.number(), holders,
                    missing, wanted);
        } catch (UnavailableException e) {
            throw FileErrors.of(e);
        }
    }

    /** A view names a node as it was when the view was decided. */
    private static Peer asItIsNow(Peer member, List<Peer> ring) {
        return ring.stream().filter(member::sameNode).findFirst().orElse(member);
    }

    /** The members of the view first: the ring may have changed since it was decided. */
    private static Stream<Peer> designated(FileRecord record, View view, List<Peer> fromOwnerOn) {
        List<Peer> members = view.members();
        Stream<Peer> others = fromOwnerOn.stream().filter(peer -> members.stream().noneMatch(peer::sameNode));
        return Stream.concat(members.stream(), others).limit(record.copies().count());
    }
}
