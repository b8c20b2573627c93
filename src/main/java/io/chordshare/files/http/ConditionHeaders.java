package io.chordshare.files.http;

import io.chordshare.files.Condition;
import io.chordshare.files.EntityTags;
import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Optional;
import org.springframework.http.HttpHeaders;

/** Reads the preconditions of a request from its headers (RFC 9110, section 13.1). */
final class ConditionHeaders {

    private ConditionHeaders() {}

    /** @throws ChordshareException when an entity tag is invalid, because the intended precondition is then unknown */
    static Condition of(HttpServletRequest request, Instant now) {
        return new Condition(tags(request, HttpHeaders.IF_MATCH), date(request, HttpHeaders.IF_UNMODIFIED_SINCE, now),
                tags(request, HttpHeaders.IF_NONE_MATCH), date(request, HttpHeaders.IF_MODIFIED_SINCE, now));
    }

    private static Optional<EntityTags> tags(HttpServletRequest request, String name) {
        try {
            return FieldLines.combined(request, name).map(EntityTags::parse);
        } catch (IllegalArgumentException e) {
            throw new ChordshareException(ProblemType.INVALID_REQUEST,
                    name + " must have entity tags in quotes, or *", e);
        }
    }

    private static Optional<Instant> date(HttpServletRequest request, String name, Instant now) {
        // Two header lines form one value with an extra comma, which is not a date
        return FieldLines.combined(request, name).flatMap(value -> HttpDate.parse(value, now));
    }
}
