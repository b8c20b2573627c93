package io.chordshare.register;

import io.chordshare.placement.Placement;
import io.chordshare.placement.View;
import io.chordshare.register.UnavailableException.Reason;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Version;
import java.util.List;
import java.util.Optional;

/**
 * The one truth about a name, from any node: reads and writes are linearizable, plain and conditional ones alike, while
 * views change. A request waits for a changing view, and for a majority, for some seconds rather than fail.
 */
public final class RegisterClient {

    private final NodeRuntime runtime;
    private final Placement placement;
    private final QuorumClient quorum;
    private final WriterTurns turns;

    public RegisterClient(NodeRuntime runtime, Placement placement) {
        this.runtime = runtime;
        this.placement = placement;
        this.quorum = new QuorumClient(runtime, placement);
        this.turns = new WriterTurns(runtime);
    }

    /**
     * What a majority says of a name.
     *
     * @param view    the view that answered
     * @param record  the newest record, which may be a tombstone; empty when the name never was
     * @param holders members that said that they have all its bytes
     */
    public record Found(View view, Optional<FileRecord> record, List<Peer> holders) {

        /** The newest record, unless it says that the file was deleted. */
        public Optional<FileRecord> file() {
            return record.filter(found -> !found.deleted());
        }
    }

    /** Makes the record that follows what is there. */
    @FunctionalInterface
    public interface Proposal {

        /**
         * @param before the newest record, which may be a tombstone; a plain write may follow another one all the same
         * @param next   the version of the new record
         * @throws GaveUpException to write nothing; the one who asked gets it
         */
        FileRecord after(Optional<FileRecord> before, Version next);
    }

    /**
     * The newest record of a name.
     *
     * @throws UnavailableException when no majority of its view answers
     */
    public Found read(String name) throws UnavailableException {
        Try attempt = new Try(runtime, placement, name);
        while (true) {
            View view = attempt.view();
            Replies replies = quorum.read(view, attempt.key());
            if (replies.isDone()) {
                Version newest = replies.newest();
                if (newest.equals(Version.NONE)) {
                    return new Found(view, Optional.empty(), List.of());
                }
                Optional<FileRecord> record = recordOf(view, attempt.key(), newest, replies);
                WriteBack writeBack = record.isEmpty() ? WriteBack.FAILED
                        : writeBack(view, record.get(), replies);
                if (writeBack == WriteBack.DONE) {
                    return new Found(view, record, replies.holding(newest));
                }
                if (writeBack == WriteBack.PROMISED_HIGHER && attempt.isTimeLeft()) {
                    if (attempt.letOthersFinish()) {
                        continue;
                    }
                    // who got a higher promise has not come back: the newest record goes above it
                    settle(attempt, new Settlement());
                }
            }
            attempt.again(replies);
        }
    }

    /** What came of making sure that every later read sees the newest record, or a newer one. */
    private enum WriteBack { DONE, PROMISED_HIGHER, FAILED }

    private Optional<FileRecord> recordOf(View view, String key, Version version, Replies replies) {
        if (version.equals(Version.NONE)) {
            return Optional.empty();
        }
        return replies.record(version).or(() ->
                quorum.fetch(view, key, replies.having(version)).record(version));
    }

    /** Writes it back where a majority lacks it. */
    private WriteBack writeBack(View view, FileRecord newest, Replies replies) {
        if (replies.isMajority(replies.having(newest.version()).size())) {
            return WriteBack.DONE;
        }
        Replies written = quorum.write(view, newest, replies.holding(newest.version()),
                some -> some.isWritten(newest));
        if (written.isWritten(newest)) {
            return WriteBack.DONE;
        }
        return written.with(RegisterStatus.PROMISED_HIGHER).isEmpty() ? WriteBack.FAILED : WriteBack.PROMISED_HIGHER;
    }

    /**
     * Writes a record, whatever is there: durable at a majority of the view when it returns.
     *
     * @param sources nodes that have the bytes of the record, those of its holders among them; empty for a record that
     *                carries them
     * @throws UnavailableException when too few nodes take it; it may have happened or not
     */
    public FileRecord write(String name, Proposal proposal, List<Peer> sources) throws UnavailableException {
        Try attempt = new Try(runtime, placement, name);
        Replies read = quorum.read(attempt.view(), attempt.key());
        while (!read.isDone()) {
            attempt.again(read);
            read = quorum.read(attempt.view(), attempt.key());
        }
        Optional<FileRecord> before = recordOf(read.view(), attempt.key(), read.newest(), read);
        FileRecord record = proposal.after(before, attempt.next(read.highest()));
        Attempts attempts = new Attempts();
        attempts.begin(record.version());
        // the holders have the bytes, unless the view has changed meanwhile
        List<Peer> from = List.of();
        while (true) {
            Replies replies = quorum.write(attempt.view(), record, from, written -> written.isWritten(record));
            if (replies.isWritten(record)) {
                return record;
            }
            if (!replies.with(RegisterStatus.PROMISED_HIGHER).isEmpty()) {
                return settle(attempt, new Settlement(proposal, sources, record, replies.highest(), attempts));
            }
            attempt.again(replies);
            from = sources;
        }
    }

    /**
     * Writes the record that follows the newest one for certain: nothing comes between what the proposal sees and what
     * it makes. A proposal that throws gives up, and what it has seen is what was there.
     *
     * @param sources nodes that have the bytes of the new record; empty for a record that carries them
     * @throws UnavailableException when too few nodes take it; it may have happened or not
     */
    public FileRecord update(String name, Proposal proposal, List<Peer> sources) throws UnavailableException {
        return update(name, new Settlement(proposal, sources));
    }

    /** As {@link #update}, where the holders of the new record do not have its bytes yet: they get them from these. */
    public FileRecord updateFrom(String name, Proposal proposal, List<Peer> sources) throws UnavailableException {
        Settlement settlement = new Settlement(proposal, sources);
        settlement.holdersLackBytes = true;
        return update(name, settlement);
    }

    private FileRecord update(String name, Settlement settlement) throws UnavailableException {
        Proposal proposal = settlement.proposal.orElseThrow();
        try (WriterTurns.Turn turn = turns.await(name, Try.PATIENCE)) {
            Try attempt = new Try(runtime, placement, name);
            while (true) {
                if (!settlement.attempts.exist()) {
                    // a proposal that gives up now leaves no promise behind, and disturbs nobody
                    proposal.after(read(name).record(), attempt.next(Version.NONE));
                }
                Optional<FileRecord> done = settleOnce(attempt, settlement);
                if (done.isPresent()) {
                    return done.get();
                }
            }
        }
    }

    /** A write by promise and acceptance; without a proposal it only settles what is there. */
    private static final class Settlement {

        private final Optional<Proposal> proposal;
        private final List<Peer> sources;
        private final Attempts attempts;
        private final boolean plain;
        private boolean holdersLackBytes;
        private Version highest;
        /** What the writer is told to have written. */
        private Optional<FileRecord> own = Optional.empty();

        Settlement() {
            this(Optional.empty(), List.of(), new Attempts(), false, Version.NONE);
        }

        /** A conditional write. */
        Settlement(Proposal proposal, List<Peer> sources) {
            this(Optional.of(proposal), sources, new Attempts(), false, Version.NONE);
        }

        /** A plain write that has met a promise. */
        Settlement(Proposal proposal, List<Peer> sources, FileRecord record, Version highest, Attempts attempts) {
            this(Optional.of(proposal), sources, attempts, true, highest);
            own = Optional.of(record);
        }

        private Settlement(Optional<Proposal> proposal, List<Peer> sources, Attempts attempts, boolean plain,
                           Version highest) {
            this.proposal = proposal;
            this.sources = sources;
            this.attempts = attempts;
            this.plain = plain;
            this.highest = highest;
        }

        /** A record that has replaced the writer's own is not what it has written. */
        FileRecord told(FileRecord stored) {
            return attempts.isMine(stored.writing()) ? stored : own.orElse(stored);
        }

        void raise(Replies replies) {
            highest = replies.highest().isNewerThan(highest) ? replies.highest() : highest;
        }
    }

    /**
     * Writes the newest record of a name again, above all promises: a member that has promised more than it has
     * accepted takes nothing else.
     *
     * @throws UnavailableException when too few nodes take it
     */
    void settle(String name) throws UnavailableException {
        settle(new Try(runtime, placement, name), new Settlement());
    }

    private FileRecord settle(Try attempt, Settlement settlement) throws UnavailableException {
        while (true) {
            Optional<FileRecord> done = settleOnce(attempt, settlement);
            if (done.isPresent()) {
                return done.get();
            }
        }
    }

    /** Empty when it has to be tried again, after a pause. */
    private Optional<FileRecord> settleOnce(Try attempt, Settlement settlement) throws UnavailableException {
        View view = attempt.view();
        Version version = attempt.next(settlement.highest);
        Replies promises = quorum.promise(view, attempt.key(), version);
        settlement.raise(promises);
        if (!promises.isDone()) {
            if (promises.with(RegisterStatus.PROMISED_HIGHER).isEmpty()) {
                attempt.again(promises);
            } else {
                attempt.lostRace();
            }
            return Optional.empty();
        }
        Optional<FileRecord> found = recordOf(view, attempt.key(), promises.newest(), promises);
        if (found.isEmpty() && !promises.newest().equals(Version.NONE)) {
            attempt.again(promises);
            return Optional.empty();
        }
        Optional<FileRecord> done = afterPromise(settlement, promises, found, version);
        if (done.isEmpty()) {
            attempt.lostRace();
        }
        return done;
    }

    /** Empty when another writer came between. */
    private Optional<FileRecord> afterPromise(Settlement settlement, Replies promises, Optional<FileRecord> found,
                                              Version version) throws UnavailableException {
        if (settlement.proposal.isEmpty()) {
            return acceptAgain(promises, found, version);
        }
        Attempts attempts = settlement.attempts;
        switch (attempts.fate(found)) {
            case HAPPENED -> {
                return acceptAgain(promises, found, version).map(settlement::told);
            }
            case OVERWRITTEN_PERHAPS -> {
                if (settlement.plain && found.filter(record -> record.seen() == null).isPresent()) {
                    // a plain write happened at the latest just before the plain one that has replaced it
                    return acceptAgain(promises, found, version).map(settlement::told);
                }
                throw new UnavailableException(Reason.UNKNOWN_OUTCOME,
                        "another writer came between: look at the file before you try again");
            }
            case DEAD -> {
                // the promise is above every attempt: what is written under it buries them
            }
        }
        FileRecord next;
        try {
            next = settlement.proposal.get().after(found, version)
                    .of(attempts.first().orElse(version), found.map(FileRecord::version).orElse(Version.NONE));
        } catch (GaveUpException refused) {
            // the answer says what is there: it must stay, and what was tried before must stay dead
            boolean settled = !attempts.exist() && promises.isMajority(promises.having(promises.newest()).size());
            if (settled || found.isEmpty() && !attempts.exist()
                    || acceptAgain(promises, found, version).isPresent()) {
                throw refused;
            }
            return Optional.empty();
        }
        List<Peer> from = attempts.exist() || settlement.holdersLackBytes ? settlement.sources : List.of();
        attempts.begin(version);
        settlement.own = Optional.of(next);
        return accept(promises, next, from);
    }

    /** What is there, under the version that was promised. */
    private Optional<FileRecord> acceptAgain(Replies promises, Optional<FileRecord> found, Version version)
            throws UnavailableException {
        if (found.isEmpty()) {
            return Optional.empty();
        }
        FileRecord record = found.get();
        return accept(promises, record.as(version), promises.holding(record.version()));
    }

    private Optional<FileRecord> accept(Replies promises, FileRecord record, List<Peer> sources)
            throws UnavailableException {
        Replies accepted = quorum.write(promises.view(), record, sources, replies -> replies.isAccepted(record));
        if (accepted.isAccepted(record)) {
            return Optional.of(record);
        }
        Try.checkRoom(accepted);
        return Optional.empty();
    }
}
