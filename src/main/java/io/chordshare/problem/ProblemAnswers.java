package io.chordshare.problem;

import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.ServletWebRequest;

/** Turns a problem into the answer to a request. For the edges of other rooms, which know what their errors mean. */
public interface ProblemAnswers {

    /** Null when there is nobody to answer any more. */
    @Nullable ResponseEntity<Object> handle(ChordshareException problem, ServletWebRequest request);
}
