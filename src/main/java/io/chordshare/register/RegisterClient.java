package io.chordshare.register;

import io.chordshare.id.ChordId;
import io.chordshare.placement.Placement;
import io.chordshare.placement.View;
import io.chordshare.register.UnavailableException.Reason;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The one truth about a name, from any node: reads and writes are linearizable, plain and conditional ones alike, while
 * views change. A request waits for a changing view, and for a majority, for some seconds rather than fail.
 */
public final class RegisterClient {

    /** A death is noticed, and a view changed, within a few seconds; a request outlasts that. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration TRIES_AGAIN_AFTER = Duration.ofMillis(50);
    /** Two writers that keep step must get out of it. */
    private static final Duration LONGEST_PAUSE_OF_A_RACE = Duration.ofMillis(200);
    /** Lost races for one name before the writer is told. */
    private static final int MAX_RACES = 40;

    private final NodeRuntime runtime;
    private final Placement placement;
    private final QuorumClient quorum;

    public RegisterClient(NodeRuntime runtime, Placement placement) {
        this.runtime = runtime;
        this.placement = placement;
        this.quorum = new QuorumClient(runtime, placement);
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
         */
        FileRecord after(Optional<FileRecord> before, Version next);
    }

    /** One name, one request: how long it may still try, and how often it has lost. */
    private final class Try {

        private final String key;
        private final int slot;
        private final Duration deadline = runtime.uptime().plus(PATIENCE);
        private int races;

        Try(String name) {
            ChordId position = ChordId.ofName(name);
            key = position.toString();
            slot = placement.slots().of(position);
        }

        View view() throws UnavailableException {
            while (true) {
                Optional<View> view = placement.known(slot).or(() -> placement.find(slot));
                if (view.isPresent()) {
                    return view.get();
                }
                pause(Reason.NO_VIEW, "this node knows of no node that answers for the file");
            }
        }

        /** After too few replies: waits for a view that changes or for nodes that come back. */
        void again(Replies replies) throws UnavailableException {
            if (replies.with(RegisterStatus.CHANGING).isEmpty() && replies.with(RegisterStatus.OTHER_VIEW).isEmpty()) {
                placement.find(slot);
            }
            pause(Reason.NO_MAJORITY, "only " + replies.with(RegisterStatus.DONE).size() + " of the "
                    + replies.view().members().size() + " nodes that answer for this file take part");
        }

        private void pause(Reason reason, String why) throws UnavailableException {
            if (runtime.uptime().compareTo(deadline) > 0) {
                throw new UnavailableException(reason, why);
            }
            runtime.sleep(TRIES_AGAIN_AFTER);
        }

        void lostRace() throws UnavailableException {
            if (++races > MAX_RACES || runtime.uptime().compareTo(deadline) > 0) {
                throw new UnavailableException(Reason.CONTENDED, "others write this file all the time");
            }
            runtime.sleep(Duration.ofMillis(1 + runtime.random().nextLong(LONGEST_PAUSE_OF_A_RACE.toMillis())));
        }

        /** Above everything that was seen, and at least what the clock says: see {@link Version}. */
        Version next(Version highest) {
            long micros = runtime.wallClock().getEpochSecond() * 1_000_000 + runtime.wallClock().getNano() / 1000;
            return new Version(Math.max(highest.counter() + 1, micros), placement.self() + ":"
                    + Long.toHexString(runtime.random().nextLong()));
        }
    }

    /**
     * The newest record of a name.
     *
     * @throws UnavailableException when no majority of its view answers
     */
    public Found read(String name) throws UnavailableException {
        Try attempt = new Try(name);
        while (true) {
            View view = attempt.view();
            Replies replies = quorum.read(view, attempt.key);
            if (replies.isDone()) {
                Version newest = replies.newest();
                if (newest.equals(Version.NONE)) {
                    return new Found(view, Optional.empty(), List.of());
                }
                Optional<FileRecord> record = recordOf(view, attempt.key, newest, replies);
                if (record.isPresent() && isSettled(view, record.get(), replies)) {
                    return new Found(view, record, replies.holding(newest));
                }
                if (record.isPresent()) {
                    // somebody has promised higher: the newest record goes above the promise
                    settle(attempt, new Settlement());
                }
            }
            attempt.again(replies);
        }
    }

    private Optional<FileRecord> recordOf(View view, String key, Version version, Replies replies) {
        return replies.record(version).or(() ->
                quorum.fetch(view, key, replies.having(version)).record(version));
    }

    /** Whether every later read sees this record or a newer one: writes it back where a majority lacks it. */
    private boolean isSettled(View view, FileRecord newest, Replies replies) {
        return replies.isMajority(replies.having(newest.version()).size())
                || quorum.write(view, newest, written -> written.isWritten(newest)).isWritten(newest);
    }

    /**
     * Writes a record, whatever is there: durable at a majority of the view when it returns.
     *
     * @throws UnavailableException when too few nodes take it; it may have happened or not
     */
    public FileRecord write(String name, Proposal proposal) throws UnavailableException {
        Try attempt = new Try(name);
        Replies read = quorum.read(attempt.view(), attempt.key);
        while (!read.isDone()) {
            attempt.again(read);
            read = quorum.read(attempt.view(), attempt.key);
        }
        Optional<FileRecord> before = recordOf(read.view(), attempt.key, read.newest(), read);
        FileRecord record = proposal.after(before, attempt.next(read.highest()));
        Attempts attempts = new Attempts();
        attempts.begin(record.version());
        while (true) {
            Replies replies = quorum.write(attempt.view(), record, written -> written.isWritten(record));
            if (replies.isWritten(record)) {
                return record;
            }
            if (!replies.with(RegisterStatus.PROMISED_HIGHER).isEmpty()) {
                return settle(attempt, new Settlement(proposal, attempts, true, replies.highest()));
            }
            attempt.again(replies);
        }
    }

    /**
     * Writes the record that follows the newest one for certain: nothing comes between what the proposal sees and what
     * it makes. A proposal that throws gives up, and what it has seen is what was there.
     *
     * @throws UnavailableException when too few nodes take it; it may have happened or not
     */
    public FileRecord update(String name, Proposal proposal) throws UnavailableException {
        return settle(new Try(name), new Settlement(proposal, new Attempts(), false, Version.NONE));
    }

    /** A write by promise and acceptance; without a proposal it only settles what is there. */
    private static final class Settlement {

        private final Optional<Proposal> proposal;
        private final Attempts attempts;
        private final boolean plain;
        private Version highest;

        Settlement() {
            this.proposal = Optional.empty();
            this.attempts = new Attempts();
            this.plain = false;
            this.highest = Version.NONE;
        }

        Settlement(Proposal proposal, Attempts attempts, boolean plain, Version highest) {
            this.proposal = Optional.of(proposal);
            this.attempts = attempts;
            this.plain = plain;
            this.highest = highest;
        }

        void raise(Replies replies) {
            highest = replies.highest().isNewerThan(highest) ? replies.highest() : highest;
        }
    }

    private FileRecord settle(Try attempt, Settlement settlement) throws UnavailableException {
        while (true) {
            View view = attempt.view();
            Version version = attempt.next(settlement.highest);
            Replies promises = quorum.promise(view, attempt.key, version);
            settlement.raise(promises);
            if (!promises.isDone()) {
                if (promises.with(RegisterStatus.PROMISED_HIGHER).isEmpty()) {
                    attempt.again(promises);
                } else {
                    attempt.lostRace();
                }
                continue;
            }
            Optional<FileRecord> found = recordOf(view, attempt.key, promises.newest(), promises);
            if (found.isEmpty() && !promises.newest().equals(Version.NONE)) {
                attempt.again(promises);
                continue;
            }
            Optional<FileRecord> done = afterPromise(settlement, promises, found, version);
            if (done.isPresent()) {
                return done.get();
            }
            attempt.lostRace();
        }
    }

    /** Empty when another writer came between. */
    private Optional<FileRecord> afterPromise(Settlement settlement, Replies promises, Optional<FileRecord> found,
                                              Version version) throws UnavailableException {
        if (settlement.proposal.isEmpty()) {
            return found.flatMap(record -> accept(promises, record.as(version)));
        }
        Attempts attempts = settlement.attempts;
        switch (attempts.fate(found)) {
            case HAPPENED -> {
                return found.flatMap(record -> accept(promises, record.as(version)));
            }
            case OVERWRITTEN_PERHAPS -> {
                if (settlement.plain && found.filter(record -> record.seen() == null).isPresent()) {
                    // a plain write happened at the latest just before the plain one that has replaced it
                    return found.flatMap(record -> accept(promises, record.as(version)));
                }
                throw new UnavailableException(Reason.UNKNOWN_OUTCOME,
                        "another writer came between: look at the file before you try again");
            }
            case DEAD -> {
                // the promise is above every attempt, so none of them can count any more
            }
        }
        boolean attempted = attempts.areAlive();
        attempts.giveUp();
        FileRecord next;
        try {
            next = settlement.proposal.get().after(found, version)
                    .of(attempts.first().orElse(version), found.map(FileRecord::version).orElse(Version.NONE));
        } catch (RuntimeException refused) {
            // the answer says what is there: it must stay, and what was tried before must stay dead
            boolean settled = !attempted && promises.isMajority(promises.having(promises.newest()).size());
            if (settled || found.isEmpty() && !attempted
                    || found.flatMap(record -> accept(promises, record.as(version))).isPresent()) {
                throw refused;
            }
            return Optional.empty();
        }
        attempts.begin(version);
        return accept(promises, next);
    }

    private Optional<FileRecord> accept(Replies promises, FileRecord record) {
        Replies accepted = quorum.write(promises.view(), record, replies -> replies.isAccepted(record));
        return accepted.isAccepted(record) ? Optional.of(record) : Optional.empty();
    }
}
