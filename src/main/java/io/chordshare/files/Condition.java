package io.chordshare.files;

import io.chordshare.files.FileException.Reason;
import io.chordshare.storage.model.FileRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * What must be true of a file for a request to be done (RFC 9110, section 13). Of an entity tag and a date the tag
 * decides and the date is not looked at; a date that is none counts as not there.
 *
 * @param ifMatch           of which the file must be one
 * @param ifUnmodifiedSince after which it must not have been changed
 * @param ifNoneMatch       of which it must be none
 * @param ifModifiedSince   after which it must have been changed; for reading only
 */
public record Condition(Optional<EntityTags> ifMatch, Optional<Instant> ifUnmodifiedSince,
        Optional<EntityTags> ifNoneMatch,
                 Optional<Instant> ifModifiedSince) {

    public static final Condition NONE =
            new Condition(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** How a request to read goes on. */
    public enum Outcome { SEND, NOT_MODIFIED }

    /** @throws FileException when the file must not be written */
    void checkForWriting(Optional<FileRecord> current) {
        checkState(current);
        // RFC 9110, section 13.1.2: unlike If-Match, compared weakly
        if (ifNoneMatch.isPresent() && current.isPresent() && ifNoneMatch.get().matchWeakly(etag(current.get()))) {
            throw failed("the file is " + etag(current.get()) + " already");
        }
    }

    /** @throws FileException when the file must not be read */
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
            // where there is no file there is no date to compare (RFC 9110, section 13.1.4)
            throw failed("the file was changed since. It is " + etag(current.get()) + " now");
        }
    }

    /** The strong entity tag of a file: its hash in quotes. */
    public static String etag(FileRecord record) {
        return '"' + record.sha256().toString() + '"';
    }

    private static FileException failed(String why) {
        return new FileException(Reason.PRECONDITION_FAILED,
                "Nothing was changed: " + why + ". Read it again and decide anew");
    }
}
