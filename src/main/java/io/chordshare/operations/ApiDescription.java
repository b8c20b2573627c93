package io.chordshare.operations;

import io.chordshare.problem.ProblemType;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The OpenAPI document says of every operation which problems it can answer with. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

    private static final List<ProblemType> ANYWHERE = List.of(ProblemType.MISDIRECTED, ProblemType.INTERNAL);

    private static final Map<String, List<ProblemType>> PROBLEMS = Map.ofEntries(
            Map.entry("PUT /files/{name}", List.of(ProblemType.INVALID_NAME, ProblemType.PRECONDITION_FAILED,
                    ProblemType.TOO_LARGE, ProblemType.UNSUPPORTED_MEDIA_TYPE, ProblemType.FOREIGN_ORIGIN,
                    ProblemType.NO_MAJORITY, ProblemType.DISK_FULL)),
            Map.entry("POST /files", List.of(ProblemType.INVALID_REQUEST, ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    ProblemType.FOREIGN_ORIGIN)),
            Map.entry("GET /files/{name}", List.of(ProblemType.INVALID_NAME, ProblemType.FILE_NOT_FOUND,
                    ProblemType.PRECONDITION_FAILED, ProblemType.UNSATISFIABLE_RANGE, ProblemType.NO_MAJORITY)),
            Map.entry("HEAD /files/{name}", List.of(ProblemType.INVALID_NAME, ProblemType.FILE_NOT_FOUND,
                    ProblemType.PRECONDITION_FAILED, ProblemType.NO_MAJORITY)),
            Map.entry("DELETE /files/{name}", List.of(ProblemType.INVALID_NAME, ProblemType.FILE_NOT_FOUND,
                    ProblemType.PRECONDITION_FAILED, ProblemType.FOREIGN_ORIGIN, ProblemType.NO_MAJORITY)),
            Map.entry("GET /files", List.of(ProblemType.INVALID_REQUEST)),
            Map.entry("GET /locations/{name}", List.of(ProblemType.INVALID_NAME, ProblemType.FILE_NOT_FOUND,
                    ProblemType.NO_MAJORITY)),
            Map.entry("POST /ring/join", List.of(ProblemType.INVALID_ADDRESS, ProblemType.FOREIGN_ORIGIN,
                    ProblemType.ALREADY_IN_RING, ProblemType.UNSUPPORTED_MEDIA_TYPE, ProblemType.PEER_FAILED,
                    ProblemType.NOT_A_MEMBER, ProblemType.TIMED_OUT)),
            Map.entry("POST /ring/leave", List.of(ProblemType.INVALID_REQUEST, ProblemType.FOREIGN_ORIGIN,
                    ProblemType.CANNOT_LEAVE, ProblemType.TIMED_OUT)),
            Map.entry("GET /ring/lookup/{key}", List.of(ProblemType.INVALID_KEY, ProblemType.NO_MAJORITY)),
            Map.entry("GET /ring/nodes/{id}", List.of(ProblemType.INVALID_KEY, ProblemType.NOT_FOUND,
                    ProblemType.PEER_FAILED)),
            Map.entry("GET /events", List.of(ProblemType.INVALID_REQUEST, ProblemType.BUSY)),
            Map.entry("GET /ring/lookup", List.of(ProblemType.INVALID_NAME, ProblemType.NO_MAJORITY)));

    @Bean
    GlobalOpenApiCustomizer problemResponses() {
        return api -> {
            api.getInfo().title("Chordshare").description("A file network without a centre. Ask any node.");
            api.getPaths().forEach((path, item) -> item.readOperationsMap().forEach((method, operation) ->
                    describe(operation, PROBLEMS.getOrDefault(method + " " + path, List.of()))));
        };
    }

    private static void describe(Operation operation, List<ProblemType> problems) {
        Map<Integer, List<ProblemType>> byStatus = Stream.concat(problems.stream(), ANYWHERE.stream())
                .collect(Collectors.groupingBy(ProblemType::status));
        for (int status : new TreeSet<>(byStatus.keySet())) {
            String titles = byStatus.get(status).stream().map(ProblemType::title).collect(Collectors.joining("; "));
            operation.getResponses().putIfAbsent(Integer.toString(status), new ApiResponse().description(titles)
                    .content(new Content().addMediaType("application/problem+json",
                            new MediaType().schema(problem()))));
        }
    }

    private static Schema<?> problem() {
        Schema<Object> schema = new Schema<>();
        schema.setType("object");
        for (String property : Arrays.asList("type", "title", "detail", "instance")) {
            schema.addProperty(property, new Schema<String>().type("string"));
        }
        return schema.addProperty("status", new Schema<Integer>().type("integer"));
    }
}
