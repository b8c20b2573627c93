package io.chordshare.operations;

import io.chordshare.problem.ProblemType;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
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
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Adds to the OpenAPI document which problems each operation can return. */
@Configuration(proxyBeanMethods = false)
public class ApiDescription {

    /** Problems of every operation: the query is checked, the node may be busy or stopping, and so on. */
    private static final List<ProblemType> ANYWHERE = List.of(ProblemType.INVALID_REQUEST, ProblemType.NOT_ACCEPTABLE,
            ProblemType.URI_TOO_LONG, ProblemType.MISDIRECTED, ProblemType.HEADERS_TOO_LARGE, ProblemType.INTERNAL,
            ProblemType.BUSY, ProblemType.SHUTTING_DOWN);

    /** Problems of every operation that changes something. */
    private static final List<ProblemType> UNSAFE = List.of(ProblemType.FOREIGN_ORIGIN);

    /** Problems of every operation with a body. */
    private static final List<ProblemType> WITH_BODY = List.of(ProblemType.TOO_SLOW, ProblemType.TOO_LARGE,
            ProblemType.UNSUPPORTED_MEDIA_TYPE);

    private static final Map<String, List<ProblemType>> PROBLEMS = Map.ofEntries(
            Map.entry("PUT /files/{name}", List.of(ProblemType.INVALID_NAME, ProblemType.INVALID_COPIES,
                    ProblemType.CONTENT_RANGE, ProblemType.DIGEST_MISMATCH, ProblemType.TRUNCATED_BODY,
                    ProblemType.PRECONDITION_FAILED, ProblemType.NOT_A_MEMBER, ProblemType.NO_MAJORITY,
                    ProblemType.DISK_FAILED, ProblemType.DISK_FULL)),
            Map.entry("POST /files", List.of(ProblemType.INVALID_COPIES, ProblemType.TRUNCATED_BODY,
                    ProblemType.NO_MAJORITY, ProblemType.DISK_FAILED, ProblemType.DISK_FULL)),
            Map.entry("GET /files/{name}", List.of(ProblemType.INVALID_NAME, ProblemType.FILE_NOT_FOUND,
                    ProblemType.PRECONDITION_FAILED, ProblemType.UNSATISFIABLE_RANGE, ProblemType.NO_MAJORITY)),
            Map.entry("HEAD /files/{name}", List.of(ProblemType.INVALID_NAME, ProblemType.FILE_NOT_FOUND,
                    ProblemType.PRECONDITION_FAILED, ProblemType.NO_MAJORITY)),
            Map.entry("DELETE /files/{name}", List.of(ProblemType.INVALID_NAME, ProblemType.FILE_NOT_FOUND,
                    ProblemType.PRECONDITION_FAILED, ProblemType.NO_MAJORITY, ProblemType.DISK_FAILED,
                    ProblemType.DISK_FULL)),
            Map.entry("GET /locations/{name}", List.of(ProblemType.INVALID_NAME, ProblemType.FILE_NOT_FOUND,
                    ProblemType.NO_MAJORITY)),
            Map.entry("POST /ring/join", List.of(ProblemType.INVALID_ADDRESS, ProblemType.JOIN_SELF,
                    ProblemType.ALREADY_IN_RING, ProblemType.UNREACHABLE, ProblemType.PEER_FAILED,
                    ProblemType.NOT_A_MEMBER, ProblemType.TIMED_OUT)),
            Map.entry("POST /ring/leave", List.of(ProblemType.CANNOT_LEAVE, ProblemType.TIMED_OUT)),
            Map.entry("GET /ring/lookup/{key}", List.of(ProblemType.INVALID_KEY, ProblemType.NO_MAJORITY)),
            Map.entry("GET /ring/nodes/{id}", List.of(ProblemType.INVALID_KEY, ProblemType.NOT_FOUND,
                    ProblemType.PEER_FAILED)),
            Map.entry("GET /ring/lookup", List.of(ProblemType.INVALID_NAME, ProblemType.NO_MAJORITY)));

    /** Runs after the guard against foreign hosts. */
    @Bean
    FilterRegistrationBean<SwaggerAddress> swaggerAddress() {
        FilterRegistrationBean<SwaggerAddress> registration = new FilterRegistrationBean<>(new SwaggerAddress());
        registration.addUrlPatterns(SwaggerAddress.ADDRESS);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
        return registration;
    }

    @Bean
    GlobalOpenApiCustomizer problemResponses() {
        return api -> {
            api.getInfo().title("Chordshare")
                    .description("A decentralized file network. Every node answers every request.");
            api.getPaths().forEach((path, item) -> item.readOperationsMap().forEach((method, operation) ->
                    describe(operation, problems(method, path, operation))));
        };
    }

    private static List<ProblemType> problems(PathItem.HttpMethod method, String path, Operation operation) {
        boolean isSafe = method == PathItem.HttpMethod.GET || method == PathItem.HttpMethod.HEAD;
        String plainPath = path.replaceFirst("/$", "");
        return Stream.of(PROBLEMS.getOrDefault(method + " " + plainPath, List.of()), isSafe ? List.<ProblemType>of()
                : UNSAFE,
                operation.getRequestBody() == null ? List.<ProblemType>of() : WITH_BODY, ANYWHERE)
                .flatMap(List::stream).distinct().toList();
    }

    private static void describe(Operation operation, List<ProblemType> problems) {
        Map<Integer, List<ProblemType>> byStatus = problems.stream()
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
