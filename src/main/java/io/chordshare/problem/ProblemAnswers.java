package io.chordshare.problem;

import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.ServletWebRequest;

/** Turns a problem into a response. For the edges of other packages, which know what their errors mean. */
public interface ProblemAnswers {

    /** Null when nobody can receive a response any more. */
    @Nullable ResponseEntity<Object> handle(ChordshareException problem, ServletWebRequest request);
}
