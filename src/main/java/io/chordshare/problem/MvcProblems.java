package io.chordshare.problem;

import io.chordshare.json.ArrivingJson;
import io.chordshare.json.JsonLimits;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.context.request.async.AsyncRequestTimeoutException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.support.MissingServletRequestPartException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/** Maps Spring MVC's own exceptions to problem details. The texts contain no class name. */
final class MvcProblems {

    /** Longest part of a request that a response repeats. */
    private static final int MAX_QUOTED = 100;
    private static final int FIRST_SERVER_ERROR = 500;

    private MvcProblems() {
    }

    static ProblemDetail of(Exception ex, HttpStatusCode status) {
        if (JsonLimits.isExceeded(ex)) {
            return ProblemType.TOO_LARGE.toProblem("Send at most " + ArrivingJson.MAX_REQUEST.toKilobytes()
                    + " KB of JSON, nested at most " + JsonLimits.MAX_DEPTH
                    + " deep, and keep names, numbers and texts short.");
        }
        String detail = detail(ex, status);
        ProblemType type = ex instanceof AsyncRequestTimeoutException
                ? ProblemType.TIMED_OUT : StatusProblems.type(status.value());
        if (detail == null) {
            return StatusProblems.of(ex instanceof AsyncRequestTimeoutException ? type.status() : status.value());
        }
        ProblemDetail problem = type.toProblem(detail);
        problem.setStatus(status.value());
        return problem;
    }

    private static @Nullable String detail(Exception ex, HttpStatusCode status) {
        if (status.value() >= FIRST_SERVER_ERROR && !(ex instanceof ErrorResponseException)) {
            return null;
        }
        return switch (ex) {
            case HttpRequestMethodNotSupportedException e -> quoted(e.getMethod()) + " is not supported here."
                    + orNothing(" Use ", names(e.getSupportedHttpMethods()));
            case HttpMediaTypeNotSupportedException e -> (e.getContentType() == null
                    ? "The request has no Content-Type."
                    : "Content of type " + quoted(e.getContentType()) + " is not supported here.")
                    + orNothing(" Send ", types(e.getSupportedMediaTypes()));
            case HttpMediaTypeNotAcceptableException e -> "Change the Accept header or leave it out."
                    + orNothing(" The response can be ", types(e.getSupportedMediaTypes()));
            case MissingServletRequestParameterException e -> "Add the parameter " + quoted(e.getParameterName())
                    + ".";
            case MissingServletRequestPartException e -> "Send multipart/form-data with a part named "
                    + quoted(e.getRequestPartName()) + ".";
            case MissingRequestHeaderException e -> "Send the header " + quoted(e.getHeaderName()) + ".";
            case MethodArgumentTypeMismatchException e -> mismatch(e.getName(), e);
            case TypeMismatchException e -> mismatch(Objects.requireNonNullElse(e.getPropertyName(), "value"), e);
            case HttpMessageNotReadableException e -> unreadable(e);
            case MethodArgumentNotValidException e -> e.getFieldErrors().stream()
                    .map(error -> quoted(error.getField()) + " " + error.getDefaultMessage())
                    .collect(Collectors.joining("; ", "Correct the content: ", "."));
            case HandlerMethodValidationException e -> e.getParameterValidationResults().stream()
                    .map(result -> quoted(result.getMethodParameter().getParameterName()) + " "
                            + result.getResolvableErrors().stream().map(MessageSourceResolvable::getDefaultMessage)
                                    .collect(Collectors.joining(", ")))
                    .collect(Collectors.joining("; ", "Correct the parameters: ", "."));
            // Thrown by our own controllers, with a text for the sender
            case ErrorResponseException e -> ((ErrorResponse) e).getBody().getDetail();
            default -> null;
        };
    }

    private static String mismatch(String name, TypeMismatchException ex) {
        return quoted(name) + " cannot be " + quoted(ex.getValue()) + ": use " + wanted(ex.getRequiredType()) + ".";
    }

    private static String wanted(@Nullable Class<?> type) {
        if (type == null) {
            return "another value";
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).map(Object::toString).collect(Collectors.joining(" or "));
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == Duration.class) {
            return "a time such as 30s or 5m";
        }
        boolean whole = Stream.of(int.class, long.class, short.class, byte.class).anyMatch(type::equals);
        return whole || Number.class.isAssignableFrom(type) ? "a whole number" : "another value";
    }

    private static String unreadable(HttpMessageNotReadableException ex) {
        if (!(ex.getCause() instanceof JacksonException json)) {
            return "Send JSON as the content of the request. /swagger-ui.html shows its format.";
        }
        String where = json.getPath().stream().map(JacksonException.Reference::getPropertyName).filter(Objects::nonNull)
                .collect(Collectors.joining("."));
        TokenStreamLocation location = json.getLocation();
        return "The content is not the expected JSON: check "
                + (where.isEmpty() ? "" : quoted(where) + ", ")
                + (location == null ? "its end" : "line " + location.getLineNr() + ", column " + location.getColumnNr())
                + ". /swagger-ui.html shows its format.";
    }

    private static @Nullable String names(@Nullable Collection<HttpMethod> methods) {
        return methods == null ? null : methods.stream().map(HttpMethod::name).sorted()
                .collect(Collectors.joining(", "));
    }

    private static String types(Collection<MediaType> types) {
        return types.stream().map(MediaType::toString).distinct().collect(Collectors.joining(" or "));
    }

    private static String orNothing(String before, @Nullable String list) {
        return list == null || list.isEmpty() ? "" : before + list + ".";
    }

    private static String quoted(@Nullable Object value) {
        String text = String.valueOf(value);
        return '"' + (text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "..." : text) + '"';
    }
}
