package io.chordshare.files;

import io.chordshare.files.FileException.Reason;
import io.chordshare.storage.model.FileRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * The preconditions of a request (RFC 9110, section 13). If both an entity tag and a date are given, only the tag
 * counts. An invalid date is ignored.
 *
 * @param ifMatch the file's tag must be one of these
 * @param ifUnmodifiedSince the file must not have changed after this time
 * @param ifNoneMatch the file's tag must be none of these
 * @param ifModifiedSince the file must have changed after this time; only for reads
 */
public record Condition(Optional<EntityTags> ifMatch, Optional<Instant> ifUnmodifiedSince,
        Optional<EntityTags> ifNoneMatch, Optional<Instant> ifModifiedSince) {

    public static final Condition NONE =
            new Condition(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** What to do with a read request. */
    public enum Outcome { SEND, NOT_MODIFIED }

    /** Whether a write depends on what is there. */
    boolean isForWriting() {
        return ifMatch.isPresent() || ifUnmodifiedSince.isPresent() || ifNoneMatch.isPresent();
    }

    /** @throws FileException when a precondition of a write fails */
    void checkForWriting(Optional<FileRecord> current) {
        checkState(current);
        // RFC 9110, section 13.1.2: weak comparison, unlike If-Match
        if (ifNoneMatch.isPresent() && current.isPresent() && ifNoneMatch.get().matchWeakly(etag(current.get()))) {
            throw failed("the file is already " + etag(current.get()));
        }
    }

    /** @throws FileException when a precondition of a read fails */
    public Outcome checkForReading(FileRecord record, Instant now) {
        checkState(Optional.of(record));
        boolean known = ifNoneMatch.isPresent() ? ifNoneMatch.get().matchWeakly(etag(record))
                : ifModifiedSince.isPresent() && Modified.of(record).isClearlyNotAfter(ifModifiedSince.get(), now);
        return known ? Outcome.NOT_MODIFIED : Outcome.SEND;
    }

    private void checkState(Optional<FileRecord> current) {
        if (ifMatch.isPresent()) {
            if (current.isEmpty()) {
                throw failed("there is no such file");
            }
            if (!ifMatch.get().matchStrongly(etag(current.get()))) {
                throw failed("the file is " + etag(current.get()) + " now");
            }
        } else if (ifUnmodifiedSince.isPresent() && current.isPresent()
                && !Modified.of(current.get()).isNotAfter(ifUnmodifiedSince.get())) {
            // Without a file there is no date to compare (RFC 9110, section 13.1.4)
            throw failed("the file has changed since then. It is " + etag(current.get()) + " now");
        }
    }

    /** The strong entity tag of a file: its hash in quotes. */
    public static String etag(FileRecord record) {
        return '"' + record.sha256().toString() + '"';
    }

    private static FileException failed(String why) {
        return new FileException(Reason.PRECONDITION_FAILED,
                "Nothing was changed: " + why + ". Read the file again, then decide");
    }
}
