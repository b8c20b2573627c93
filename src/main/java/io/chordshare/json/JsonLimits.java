package io.chordshare.json;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.AbstractJacksonHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;

/** Limits for the JSON that this node reads, in requests and in the answers of other nodes. */
@Configuration(proxyBeanMethods = false)
public class JsonLimits {

    /** The peer client reads at most this much of an answer. The longest answer has 500 lines with names of 1 KiB. */
    static final DataSize MAX_DOCUMENT = DataSize.ofMegabytes(4);
    /** The longest string is a file of 64 KiB, stored in its record in Base64. */
    static final int MAX_STRING_CHARS = 96 * 1024;
    static final int MAX_NAME_CHARS = 256;
    public static final int MAX_DEPTH = 32;
    /** A 64-bit number has 20. */
    static final int MAX_NUMBER_CHARS = 40;
    /** Each token can become an object. The longest answer, with two views of 130 slots, has fewer. */
    static final int MAX_TOKENS = 50_000;

    /** Bounds the walk along causes, because a chain of causes can be circular. */
    private static final int MAX_CAUSES = 20;

    /** Runs after Spring Boot's own customizer, which leaves documents and tokens unlimited. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    JsonFactoryBuilderCustomizer jsonReadLimits() {
        return factory -> factory.streamReadConstraints(constraints());
    }

    @Bean
    ArrivingJson arrivingJson() {
        return new ArrivingJson();
    }

    /** The limits, for other formats of the same objects. */
    public static StreamReadConstraints constraints() {
        return StreamReadConstraints.builder().maxDocumentLength(MAX_DOCUMENT.toBytes()).maxTokenCount(MAX_TOKENS)
                .maxStringLength(MAX_STRING_CHARS).maxNameLength(MAX_NAME_CHARS).maxNestingDepth(MAX_DEPTH)
                .maxNumberLength(MAX_NUMBER_CHARS).build();
    }

    /** Whether {@code failure}, or one of its causes, reports content that exceeds a limit. */
    public static boolean isExceeded(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            if (cause instanceof StreamConstraintsException || cause instanceof ArrivingJson.TooLargeException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** Bounds the body before parsing. The parser checks its limits too late, and does not check what it skips. */
    @RestControllerAdvice
    static class Requests extends RequestBodyAdviceAdapter {

        private final ArrivingJson arriving;

        Requests(ArrivingJson arriving) {
            this.arriving = arriving;
        }

        @Override
        public boolean supports(MethodParameter parameter, Type type,
                                Class<? extends HttpMessageConverter<?>> converter) {
            return AbstractJacksonHttpMessageConverter.class.isAssignableFrom(converter);
        }

        @Override
        public HttpInputMessage beforeBodyRead(HttpInputMessage request, MethodParameter parameter, Type type,
                                               Class<? extends HttpMessageConverter<?>> converter) throws IOException {
            ArrivingJson.Whole whole = arriving.read(request.getBody(), request.getHeaders().getContentLength());
            InputStream body = new ByteArrayInputStream(whole.buffer(), 0, whole.count());
            return new HttpInputMessage() {
                @Override
                public InputStream getBody() {
                    return body;
                }

                @Override
                public HttpHeaders getHeaders() {
                    return request.getHeaders();
                }
            };
        }
    }
}
