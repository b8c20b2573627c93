package io.chordshare.replication;

import io.chordshare.id.ChordId;
import io.chordshare.replication.QuorumClient.Reading;
import io.chordshare.replication.QuorumClient.Writing;
import io.chordshare.replication.UnavailableException.Reason;
import io.chordshare.ring.RingNode;
import io.chordshare.ring.lookup.OwnerSet;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.Quorum;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The linearizable record of each name: read and written at a majority of its owner set. While the ring changes, reads
 * and writes wait for a few seconds instead of failing.
 */
public final class FileRegister {

    private static final Logger log = LoggerFactory.getLogger(FileRegister.class);

    /** A death is detected and repaired within a few seconds; a request waits longer than that. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration TRY_AGAIN_AFTER = Duration.ofMillis(150);
    /** Lost races for one name before the writer gets an error. */
    private static final int MAX_RACES = 20;

    private final NodeRuntime runtime;
    private final RingNode ring;
    private final NodeStore store;
    private final FilesSettings settings;
    private final MemberCache members;
    private final QuorumClient registers;

    public FileRegister(NodeRuntime runtime, RingNode ring, NodeStore store, FilesSettings settings,
                     Replication replication) {
        this.runtime = runtime;
        this.ring = ring;
        this.store = store;
        this.settings = settings;
        this.members = replication.members();
        this.registers = new QuorumClient(runtime);
    }

    /**
     * The answer of a majority about a name.
     *
     * @param owners who was asked
     * @param record the newest record; empty when the name never was
     * @param holders who said that they have all its bytes
     */
    public record Found(OwnerSet owners, Optional<FileRecord> record, List<Peer> holders) {

        /** The newest record, unless it says that the file was deleted. */
        public Optional<FileRecord> file() {
            return record.filter(found -> !found.deleted());
        }

        Version version() {
            return record.map(FileRecord::version).orElse(Version.NONE);
        }
    }

    /** Makes the record that follows the newest one; throws to give up. */
    @FunctionalInterface
    public interface Proposal {

        /**
         * @param current the file as it is; empty when there is none
         * @param next    what it must say of itself
         */
        FileRecord after(Optional<FileRecord> current, NextRecord next);
    }

    /** The owner set of a key for writing: its owner has confirmed that it is the owner. */
    public OwnerSet ownersForWriting(ChordId key) throws UnavailableException {
        Duration deadline = runtime.uptime().plus(PATIENCE);
        while (true) {
            String problem;
            try {
                OwnerSet owners = ring.ownerSet(key, settings.ownerSet());
                if (owners.confirmed() && ring.state().status().canServe()) {
                    return owners;
                }
                problem = "the owner of key " + key + ", " + owners.owner().address() + ", does not answer";
            } catch (LookupFailedException e) {
                problem = e.getMessage();
            }
            waitOrGiveUp(deadline, problem);
        }
    }

    /**
     * The newest record of a name.
     *
     * @throws UnavailableException when no majority of the owner set answers
     */
    public Found find(String name) throws UnavailableException {
        return find(name, true);
    }

    /** @param floor whether a newer version that the index knows of must be found, too; a writer may write over it */
    private Found find(String name, boolean floor) throws UnavailableException {
        ChordId key = ChordId.ofName(name);
        Duration start = runtime.uptime();
        String ringId = ring.state().ringId();
        while (true) {
            requireSameRing(ringId);
            String problem;
            try {
                Reading reading = registers.read(ring.ownerSet(key, settings.ownerSet()));
                boolean decisive = reading.decisive() && ring.state().status().canServe();
                if (decisive && floor && indexKnowsNewer(name, reading)) {
                    reading = widen(key, reading);
                }
                boolean believed = decisive && !(floor && indexKnowsNewer(name, reading));
                Optional<Found> found = believed ? settle(key, reading) : Optional.empty();
                if (found.isPresent()) {
                    return found.get();
                }
                problem = decisive ? "only unreachable nodes have the newest version of this file" : "only "
                        + reading.replies().size() + " of the " + reading.set().members().size()
                        + " nodes that are responsible for this file are reachable";
            } catch (LookupFailedException e) {
                problem = e.getMessage();
            }
            waitOrGiveUp(start.plus(PATIENCE), problem);
        }
    }

    /** The newest record on any reachable node. May be older than the last acknowledged one. */
    public Found findAny(String name) throws UnavailableException {
        ChordId key = ChordId.ofName(name);
        List<Peer> asked = new ArrayList<>(members.now());
        Reading reading = registers.read(new OwnerSet(key, asked, false));
        if (reading.replies().isEmpty()) {
            throw new UnavailableException(Reason.NOT_A_MEMBER, "no node of a ring answers");
        }
        Optional<FileRecord> record = reading.newest().equals(Version.NONE) ? Optional.empty()
                : fetch(key, reading);
        return new Found(reading.set(), record, reading.holders());
    }

    /**
     * Writes the next record of a name. When this returns, a majority of the owner set has stored the record.
     *
     * @param upload whose blocks the record names, or null
     * @throws UnavailableException when too few nodes take it; it may have happened or not
     */
    public FileRecord write(String name, Proposal proposal, @Nullable String upload) throws UnavailableException {
        Duration deadline = runtime.uptime().plus(PATIENCE);
        String ringId = ring.state().ringId();
        FileRecord proposed = null;
        Version highest = Version.NONE;
        for (int races = 0; races < MAX_RACES;) {
            Found found = find(name, false);
            requireSameRing(ringId);
            if (proposed == null || found.version().isNewerThan(proposed.version())) {
                highest = newest(highest, newest(found.version(), indexVersion(name)));
                proposed = proposal.after(found.file(), next(highest, name, found));
            }
            OwnerSet owners = found.owners().confirmed() ? found.owners() : ownersForWriting(found.owners().key());
            switch (registers.write(owners, proposed, completeNeeded(owners, proposed), upload)) {
                case Writing.Accepted accepted -> {
                    return proposed;
                }
                case Writing.Overtaken(Version by) -> {
                    log.debug("{} was overtaken by {}", proposed.version(), by);
                    highest = newest(highest, by);
                    proposed = null;
                    races++;
                    runtime.sleep(Duration.ofMillis(1 + runtime.random().nextLong(TRY_AGAIN_AFTER.toMillis())));
                }
                case Writing.TooFew(boolean diskFull, String why) -> {
                    if (diskFull) {
                        throw new UnavailableException(Reason.DISK_FULL, why);
                    }
                    waitOrGiveUp(deadline, why);
                }
            }
        }
        throw new UnavailableException(Reason.CONTENDED, "other writers constantly write " + name);
    }

    private static int completeNeeded(OwnerSet owners, FileRecord record) {
        return Quorum.majorityOf(Math.min(record.copies().count(), owners.members().size()));
    }

    private NextRecord next(Version highest, String name, Found found) {
        List<NextRecord.Before> before = new ArrayList<>();
        found.record().ifPresent(record -> before.add(before(record.version(), record.modified())));
        store.index().get(name).ifPresent(entry -> before.add(before(entry.version(), entry.modified())));
        return NextRecord.after(highest.next(uniqueWriter()), runtime.wallClock(), before);
    }

    private NextRecord.Before before(Version version, Instant modified) {
        return new NextRecord.Before(modified, version.writer().startsWith(writerPrefix()));
    }

    private String uniqueWriter() {
        return writerPrefix() + Long.toHexString(runtime.random().nextLong());
    }

    private String writerPrefix() {
        return ring.state().self().id() + ":";
    }

    private boolean indexKnowsNewer(String name, Reading reading) {
        return indexVersion(name).isNewerThan(reading.newest());
    }

    private Version indexVersion(String name) {
        return store.index().checkedVersion(name);
    }

    private static Version newest(Version a, Version b) {
        return a.isNewerThan(b) ? a : b;
    }

    /** A node that left during a request is now another ring, which knows nothing of the file. */
    private void requireSameRing(@Nullable String ringId) throws UnavailableException {
        if (!Objects.equals(ringId, ring.state().ringId())) {
            throw new UnavailableException(Reason.NOT_A_MEMBER, "this node has left the ring meanwhile");
        }
    }

    /** Also asks all other nodes, because the owner set changed faster than its records. */
    private Reading widen(ChordId key, Reading reading) {
        Reading everybody = registers.read(new OwnerSet(key, members.refresh(), false));
        List<QuorumClient.Reply> replies = new ArrayList<>(reading.replies());
        everybody.replies().stream().filter(reply ->
                replies.stream().noneMatch(known -> known.member().sameNode(reply.member()))).forEach(replies::add);
        return new Reading(reading.set(), replies);
    }

    /** Read repair: if the majority of a read disagrees, the newest record is written back before the answer. */
    private Optional<Found> settle(ChordId key, Reading reading) {
        Version newest = reading.newest();
        if (newest.equals(Version.NONE)) {
            return Optional.of(new Found(reading.set(), Optional.empty(), List.of()));
        }
        Optional<FileRecord> record = fetch(key, reading);
        if (record.isEmpty()) {
            return Optional.empty();
        }
        long agreeing = reading.having(newest).stream()
                .filter(reply -> reading.set().members().stream().anyMatch(reply.member()::sameNode)).count();
        if (agreeing < reading.set().majority() && !(registers.write(reading.set(), record.get(), 0, null)
                instanceof Writing.Accepted)) {
            return Optional.empty();
        }
        return Optional.of(new Found(reading.set(), record, reading.holders()));
    }

    private Optional<FileRecord> fetch(ChordId key, Reading reading) {
        Version newest = reading.newest();
        Optional<FileRecord> own = store.records().get(key.toString());
        if (own.isPresent() && own.get().version().equals(newest)) {
            return own;
        }
        return registers.fetch(key.toString(), newest,
                reading.having(newest).stream().map(QuorumClient.Reply::member).toList());
    }

    private void waitOrGiveUp(Duration deadline, String problem) throws UnavailableException {
        if (!ring.state().status().isMember()) {
            throw new UnavailableException(Reason.NOT_A_MEMBER, "this node is not a member of a ring yet");
        }
        if (runtime.uptime().compareTo(deadline) > 0) {
            throw new UnavailableException(Reason.NO_MAJORITY, problem);
        }
        runtime.sleep(TRY_AGAIN_AFTER);
    }
}
