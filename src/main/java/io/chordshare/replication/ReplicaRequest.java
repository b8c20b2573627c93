package io.chordshare.replication;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.chordshare.id.ChordId;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Request;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.FileRules;
import io.chordshare.storage.model.IndexChanges;
import io.chordshare.storage.model.PutOutcome;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.UploadId;
import io.chordshare.storage.model.Version;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What nodes ask each other about files. */
public sealed interface ReplicaRequest<A> extends Request<A> {

    /** @throws IllegalArgumentException unless it is a list of at most {@code limit} */
    private static <T> List<T> bounded(List<T> list, int limit, String what) {
        if (list.size() > limit) {
            throw new IllegalArgumentException("at most " + limit + " " + what + " at once");
        }
        return List.copyOf(list);
    }

    private static void checkKeyOrNothing(@Nullable String key) {
        if (key != null) {
            FileRules.checkKey(key);
        }
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    /**
     * What do you have of these keys? Answered in their order.
     *
     * @param lines whether the lines of the index are wanted, too; null is no, and what an older version sends
     */
    record AskStates(List<String> keys, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean lines)
            implements ReplicaRequest<States> {

        /** As many keys as one question may carry. */
        public static final int MAX_KEYS = 500;

        public AskStates {
            keys = bounded(keys, MAX_KEYS, "keys");
            keys.forEach(FileRules::checkKey);
        }

        AskStates(List<String> keys) {
            this(keys, null);
        }

        boolean wantsLines() {
            return Boolean.TRUE.equals(lines);
        }

        /**
         * The answer, if it is one.
         *
         * @throws PeerException when it is not about these keys
         */
        List<ReplicaState> statesIn(States answer) throws PeerException {
            if (!answer.states().stream().map(ReplicaState::key).toList().equals(keys)) {
                throw new PeerException(PeerException.Reason.FAILED,
                        "the states of other keys than those that were asked for");
            }
            return answer.states();
        }
    }

    /** One state for each key that was asked for. */
    record States(List<ReplicaState> states) {

        public States {
            states = bounded(states, AskStates.MAX_KEYS, "states");
        }
    }

    /**
     * What one node has of one key.
     *
     * @param key      the key
     * @param version  {@link Version#NONE} when there is no record
     * @param deleted  whether the record is a tombstone
     * @param complete whether all bytes are here
     * @param current  whether the node has caught up with the other members since it became one for this key: only then
     *                 its "there is none" and its version count towards a majority
     * @param line     what the index says of this version; null unless it was asked for, or there is no record
     */
    record ReplicaState(String key, Version version, boolean deleted, boolean complete, boolean current,
                        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable FileEntry line) {

        public ReplicaState {
            FileRules.checkKey(key);
            Objects.requireNonNull(version, "version");
            require(line == null || line.key().equals(key) && line.version().equals(version)
                    && line.deleted() == deleted, "the line of a state is about the same version of the same file");
        }
    }

    /** The whole record. Refused as not found when there is none. */
    record ReadRecord(String key) implements ReplicaRequest<FileRecord> {

        public ReadRecord {
            FileRules.checkKey(key);
        }
    }

    /**
     * Keep this record unless you have a newer one. Answered once it is durable.
     *
     * @param wanted whether the receiver must hold the bytes, too
     * @param upload whose blocks the record names; null when it comes from a repair
     */
    record WriteRecord(FileRecord record, boolean wanted, @Nullable String upload) implements ReplicaRequest<Written> {

        public WriteRecord {
            Objects.requireNonNull(record, "record");
            if (upload != null) {
                UploadId.check(upload);
            }
        }
    }

    /**
     * @param outcome  stored, the same already, or stale
     * @param current  the version that is there now
     * @param complete whether all bytes are there
     */
    record Written(PutOutcome outcome, Version current, boolean complete) {

        public Written {
            Objects.requireNonNull(outcome, "outcome");
            Objects.requireNonNull(current, "current");
        }
    }

    /**
     * Keep this block. Answered once it is durable.
     *
     * @param upload on whose behalf: the block is kept until a record names it or the upload is given up
     */
    record PutBlock(Sha256 hash, byte[] buffer, int length, String upload) implements ReplicaRequest<Kept> {

        public PutBlock {
            UploadId.check(upload);
        }
    }

    /** It is on disk. */
    record Kept() {}

    /** All bytes of a block; the caller verifies them. */
    record GetBlock(Sha256 hash) implements ReplicaRequest<byte[]> {}

    /** An upload was given up: its blocks may go. */
    record ReleaseUpload(String upload) implements ReplicaRequest<Kept> {

        public ReleaseUpload {
            UploadId.check(upload);
        }
    }

    /**
     * The owner of a range compares it with another member of its owner set: first by digest alone, then, when that
     * differs, page by page.
     *
     * @param from      the range, not included
     * @param to        the range, included: the owner
     * @param rank      the receiver's place in the owner set; the owner has 0
     * @param wantBytes whether the receiver must fetch the bytes that belong at its rank
     * @param digest    of all keys and versions that the owner has in the range
     * @param confirm   whether an equal digest means that the receiver has caught up: the owner itself knows what a
     *                  majority of the others have
     * @param page      null to compare digests only
     */
    record Compare(ChordId from, ChordId to, int rank, boolean wantBytes, String digest, boolean confirm,
                   @Nullable Page page)
            implements ReplicaRequest<Compared> {

        /** An owner set is far smaller. */
        private static final int MAX_RANK = 1000;
        private static final int MAX_DIGEST = 64;

        public Compare {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
            require(rank >= 0 && rank <= MAX_RANK, "a rank is 0 to " + MAX_RANK);
            require(digest.length() <= MAX_DIGEST, "a digest has at most " + MAX_DIGEST + " characters");
        }
    }

    /**
     * All that the owner has in a piece of the range.
     *
     * @param after    the piece begins after this key; null at the start of the range
     * @param upTo     the piece ends with this key; null at the end of the range
     * @param versions what the owner has in it, in order
     */
    record Page(@Nullable String after, @Nullable String upTo, List<KeyVersion> versions) {

        /** As many records as one page may name. */
        static final int MAX_ENTRIES = 1000;

        public Page {
            checkKeyOrNothing(after);
            checkKeyOrNothing(upTo);
            versions = bounded(versions, MAX_ENTRIES, "versions");
        }
    }

    /** One record's version. */
    record KeyVersion(String key, Version version) {

        public KeyVersion {
            FileRules.checkKey(key);
            Objects.requireNonNull(version, "version");
        }
    }

    /**
     * @param same    the digests agree
     * @param pending records whose bytes belong at the receiver and are not all there yet
     * @param newer   keys that the receiver has newer than the owner
     * @param older   keys that the receiver lacks or has older
     */
    record Compared(boolean same, long pending, List<KeyVersion> newer, List<KeyVersion> older) {

        /** All that the owner named, and as many more as one answer takes from the receiver's records. */
        static final int MAX_DIFFERENCES = 2 * Page.MAX_ENTRIES;

        public Compared {
            require(pending >= 0, "what is pending is a number from 0 on");
            newer = bounded(newer, MAX_DIFFERENCES, "newer versions");
            older = bounded(older, MAX_DIFFERENCES, "older versions");
        }
    }

    /** The lines of your index that changed after this. The receiver starts over when the epoch is not its own. */
    record ReadIndex(String epoch, long after) implements ReplicaRequest<IndexChanges> {

        /** As many lines as one answer carries. */
        public static final int MAX_ENTRIES = 500;
        private static final int MAX_EPOCH = 64;

        public ReadIndex {
            require(epoch.length() <= MAX_EPOCH && after >= 0, "an epoch has at most " + MAX_EPOCH
                    + " characters, and numbers begin at 0");
        }
    }
}
