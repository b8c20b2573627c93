package io.chordshare.files.http;

import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/** The query of a request, read without {@code getParameter}, which may let the container read the body as a form. */
final class Query {

    private final MultiValueMap<String, String> parameters;

    private Query(MultiValueMap<String, String> parameters) {
        this.parameters = parameters;
    }

    static Query of(HttpServletRequest request) {
        return new Query(UriComponentsBuilder.newInstance().query(request.getQueryString()).build().getQueryParams());
    }

    boolean has(String name) {
        return parameters.containsKey(name);
    }

    /** All values in order. A name without a value has an empty value. */
    List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (String raw : parameters.getOrDefault(name, List.of())) {
            try {
                values.add(raw == null ? "" : UriUtils.decode(raw, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw new ChordshareException(ProblemType.INVALID_REQUEST,
                        "The value of " + name + " is not percent-encoded correctly", e);
            }
        }
        return values;
    }

    String last(String name, String otherwise) {
        List<String> values = all(name);
        return values.isEmpty() ? otherwise : values.getLast();
    }
}
