package io.chordshare.replication;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Request;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.FileRules;
import io.chordshare.storage.model.IndexChanges;
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

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    /**
     * What do you have of these keys? Answered in their order.
     *
     * @param lines whether the lines of the index are wanted, too; null is no
     * @param views the numbers of the views that the sender believes to answer for the keys; null when it does not ask
     */
    record AskStates(List<String> keys, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean lines,
                     @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Long> views)
            implements ReplicaRequest<States> {

        /** As many keys as one question may carry. */
        public static final int MAX_KEYS = 500;

        public AskStates {
            keys = bounded(keys, MAX_KEYS, "keys");
            keys.forEach(FileRules::checkKey);
            views = views == null ? null : bounded(views, MAX_KEYS, "views");
            require(views == null || views.size() == keys.size(), "there is one view for each key");
        }

        AskStates(List<String> keys) {
            this(keys, null, null);
        }

        /** The view that the sender believes to answer for a key; 0 for none. */
        long view(int index) {
            return views == null ? 0 : views.get(index);
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
     * @param current  whether the node answers for the key in the view that was asked: only then its "there is none"
     *                 and its version count towards a majority
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
