package io.chordshare.problem;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import tools.jackson.databind.json.JsonMapper;

/** Writes problem details where Spring MVC does not: in filters and in the web server itself. */
public final class ProblemJson {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class).build();

    private ProblemJson() {
    }

    public static void send(HttpServletResponse response, ProblemType type, String detail) throws IOException {
        send(response, type.toProblem(detail));
    }

    /** Sends the problem with its status. Nothing may have been written yet. */
    public static void send(HttpServletResponse response, ProblemDetail problem) throws IOException {
        byte[] json = MAPPER.writeValueAsBytes(problem);
        SecurityHeaders.set(response);
        response.setStatus(problem.getStatus());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }
}
