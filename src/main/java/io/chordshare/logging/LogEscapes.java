package io.chordshare.logging;

import ch.qos.logback.classic.pattern.EnsureExceptionHandling;
import ch.qos.logback.classic.pattern.ExtendedThrowableProxyConverter;
import ch.qos.logback.classic.pattern.KeyValuePairConverter;
import ch.qos.logback.classic.pattern.MDCConverter;
import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.pattern.RootCauseFirstThrowableProxyConverter;
import ch.qos.logback.classic.pattern.ThreadConverter;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.pattern.Converter;
import ch.qos.logback.core.pattern.ConverterUtil;
import ch.qos.logback.core.pattern.DynamicConverter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.boot.logging.logback.ExtendedWhitespaceThrowableProxyConverter;
import org.springframework.boot.logging.logback.WhitespaceThrowableProxyConverter;

/**
 * Converters for the words of a log pattern whose text may come from strangers. Each escapes its text with
 * {@link SafeText}.
 */
final class LogEscapes {

    /** The converters by pattern word, as Logback needs them. */
    static final Map<String, Supplier<DynamicConverter>> WORDS = words();

    /** These loggers write messages of several lines, and only from this node's own settings and threads. */
    private static final List<String> SEVERAL_LINES = List.of("org.springframework.boot.diagnostics.",
            "org.springframework.boot.autoconfigure.logging.", "org.apache.catalina.loader.");

    private LogEscapes() {}

    private static Map<String, Supplier<DynamicConverter>> words() {
        Map<String, Supplier<DynamicConverter>> words = new HashMap<>();
        put(words, Message::new, "m", "msg", "message");
        put(words, Stack::new, "ex", "exception", "throwable");
        put(words, ExtendedStack::new, "xEx", "xException", "xThrowable");
        put(words, RootFirstStack::new, "rEx", "rootException");
        put(words, SpacedStack::new, "wex");
        put(words, SpacedExtendedStack::new, "wEx");
        put(words, ThreadName::new, "t", "thread");
        put(words, Properties::new, "X", "mdc");
        put(words, KeysAndValues::new, "kvp");
        return Map.copyOf(words);
    }

    private static void put(Map<String, Supplier<DynamicConverter>> words, Supplier<DynamicConverter> converter,
                            String... names) {
        for (String name : names) {
            words.put(name, converter);
        }
    }

    static final class Message extends MessageConverter {

        @Override
        public String convert(ILoggingEvent event) {
            String message = event.getFormattedMessage();
            boolean severalLines = SEVERAL_LINES.stream().anyMatch(event.getLoggerName()::startsWith);
            return message == null ? "" : severalLines ? SafeText.lines(message) : SafeText.of(message);
        }
    }

    static final class ThreadName extends ThreadConverter {

        @Override
        public String convert(ILoggingEvent event) {
            return SafeText.of(super.convert(event));
        }
    }

    static final class Properties extends MDCConverter {

        @Override
        public String convert(ILoggingEvent event) {
            return SafeText.of(super.convert(event));
        }
    }

    static final class KeysAndValues extends KeyValuePairConverter {

        @Override
        public String convert(ILoggingEvent event) {
            return SafeText.of(super.convert(event));
        }
    }

    static final class Stack extends ThrowableProxyConverter {

        @Override
        protected String throwableProxyToString(IThrowableProxy thrown) {
            return super.throwableProxyToString(new SafeThrowable(thrown));
        }
    }

    static final class ExtendedStack extends ExtendedThrowableProxyConverter {

        @Override
        protected String throwableProxyToString(IThrowableProxy thrown) {
            return super.throwableProxyToString(new SafeThrowable(thrown));
        }
    }

    static final class RootFirstStack extends RootCauseFirstThrowableProxyConverter {

        @Override
        protected String throwableProxyToString(IThrowableProxy thrown) {
            return super.throwableProxyToString(new SafeThrowable(thrown));
        }
    }

    static final class SpacedStack extends WhitespaceThrowableProxyConverter {

        @Override
        protected String throwableProxyToString(IThrowableProxy thrown) {
            return super.throwableProxyToString(new SafeThrowable(thrown));
        }
    }

    static final class SpacedExtendedStack extends ExtendedWhitespaceThrowableProxyConverter {

        @Override
        protected String throwableProxyToString(IThrowableProxy thrown) {
            return super.throwableProxyToString(new SafeThrowable(thrown));
        }
    }

    /**
     * When a pattern has no word for exceptions, Logback appends a converter for the stack. This class appends the safe
     * one.
     */
    static final class StackAtTheEnd extends EnsureExceptionHandling {

        @Override
        public void process(Context context, Converter<ILoggingEvent> head) {
            if (!chainHandlesThrowable(head)) {
                ConverterUtil.findTail(head).setNext(new Stack());
            }
        }
    }
}
