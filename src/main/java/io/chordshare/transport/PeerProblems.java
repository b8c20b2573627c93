package io.chordshare.transport;

import io.chordshare.problem.ProblemType;
import io.chordshare.runtime.PeerException.Reason;
import java.time.Duration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity.BodyBuilder;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Sends a refusal to the peer, with the reason of the domain in a header. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class PeerProblems {

    /** By then, uploads end or are aborted. */
    private static final Duration RETRY_AFTER = Duration.ofMinutes(1);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> handle(PeerRefusal refusal) {
        Reason reason = refusal.refusal().reason();
        ProblemType type = typeOf(reason);
        BodyBuilder answer = ResponseEntity.status(HttpStatusCode.valueOf(type.status()))
                .header(PeerHeaders.REASON, reason.name());
        if (type == ProblemType.TOO_MANY) {
            answer.header(HttpHeaders.RETRY_AFTER, Long.toString(RETRY_AFTER.toSeconds()));
        }
        return answer.body(type.toProblem(String.valueOf(refusal.getMessage())));
    }

    static ProblemType typeOf(Reason reason) {
        return switch (reason) {
            case NOT_THAT_NODE -> ProblemType.MISDIRECTED;
            case WRONG_RING -> ProblemType.WRONG_RING;
            case NOT_A_MEMBER -> ProblemType.NOT_A_MEMBER;
            case NOT_FOUND -> ProblemType.NOT_FOUND;
            case DISK_FULL -> ProblemType.DISK_FULL;
            case OVERLOADED -> ProblemType.BUSY;
            case TOO_MANY -> ProblemType.TOO_MANY;
            case REFUSED -> ProblemType.INVALID_REQUEST;
            case NO_ANSWER -> ProblemType.PEER_FAILED;
            case FAILED -> ProblemType.INTERNAL;
        };
    }
}
