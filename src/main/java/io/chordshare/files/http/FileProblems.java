package io.chordshare.files.http;

import io.chordshare.files.FileException;
import io.chordshare.files.InvalidNameException;
import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemAnswers;
import io.chordshare.problem.ProblemType;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;

/** Maps errors of the file service to problem details for HTTP clients. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
public class FileProblems {

    private final ProblemAnswers answers;

    FileProblems(ProblemAnswers answers) {
        this.answers = answers;
    }

    @ExceptionHandler
    @Nullable ResponseEntity<Object> handle(FileException ex, ServletWebRequest request) {
        return answers.handle(of(ex), request);
    }

    @ExceptionHandler
    @Nullable ResponseEntity<Object> handle(InvalidNameException ex, ServletWebRequest request) {
        return answers.handle(of(ex), request);
    }

    static ChordshareException of(InvalidNameException ex) {
        return new ChordshareException(ProblemType.INVALID_NAME, String.valueOf(ex.getMessage()), ex);
    }

    static ChordshareException of(FileException ex) {
        return new ChordshareException(typeOf(ex.reason()), ex.detail(), ex.retryAfter().orElse(null), ex);
    }

    private static ProblemType typeOf(FileException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> ProblemType.FILE_NOT_FOUND;
            case PRECONDITION_FAILED -> ProblemType.PRECONDITION_FAILED;
            case DIGEST_MISMATCH -> ProblemType.DIGEST_MISMATCH;
            case TRUNCATED -> ProblemType.TRUNCATED_BODY;
            case TOO_LARGE -> ProblemType.TOO_LARGE;
            case NO_MAJORITY -> ProblemType.NO_MAJORITY;
            case NOT_A_MEMBER -> ProblemType.NOT_A_MEMBER;
            case UNKNOWN_OUTCOME -> ProblemType.UNKNOWN_OUTCOME;
            case BUSY -> ProblemType.BUSY;
            case DISK_FULL -> ProblemType.DISK_FULL;
            case DISK_FAILED -> ProblemType.DISK_FAILED;
        };
    }
}
