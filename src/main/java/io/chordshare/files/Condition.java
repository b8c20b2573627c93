package io.chordshare.files;

import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.storage.FileRecord;
import java.util.List;
import java.util.Optional;

/**
 * What must be true of a file for it to be written (RFC 9110, section 13.1).
 *
 * @param ifMatch     entity tags of which the file must have one, or {@code *} for any file; empty for no condition
 * @param ifNoneMatch entity tags of which the file must have none, or {@code *} for no file at all
 */
record Condition(List<String> ifMatch, List<String> ifNoneMatch) {

    static final Condition NONE = new Condition(List.of(), List.of());

    private static final String ANY = "*";

    /** @throws ChordshareException when it does not hold */
    void check(Optional<FileRecord> current) {
        String tag = current.map(Condition::etag).orElse("");
        if (!ifMatch.isEmpty() && (current.isEmpty() || !(ifMatch.contains(ANY) || ifMatch.contains(tag)))) {
            throw failed(current.isEmpty() ? "there is no such file" : "the file is " + tag + " now");
        }
        // RFC 9110, section 13.1.2: unlike If-Match, compared weakly
        if (current.isPresent() && (ifNoneMatch.contains(ANY) || ifNoneMatch.contains(tag)
                || ifNoneMatch.contains("W/" + tag))) {
            throw failed("the file is " + tag + " already");
        }
    }

    /** The strong entity tag of a file: its hash in quotes. */
    static String etag(FileRecord record) {
        return '"' + record.sha256().toString() + '"';
    }

    private static ChordshareException failed(String why) {
        return new ChordshareException(ProblemType.PRECONDITION_FAILED,
                "Nothing was changed: " + why + ". Read it again and decide anew");
    }
}
