package io.chordshare.logging;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.pattern.DynamicConverter;
import ch.qos.logback.core.spi.AppenderAttachable;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Makes every log pattern of this node use {@link LogEscapes}, including the user's own patterns. Runs as soon as
 * logging is set up. Structured logs need no change, because JSON has its own escapes. Listed in
 * {@code META-INF/spring.factories}.
 */
final class SafeLog implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    @Override
    public int getOrder() {
        return LoggingApplicationListener.DEFAULT_ORDER + 1;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
            makeSafe(logback);
        }
    }

    static void makeSafe(LoggerContext logback) {
        for (Logger logger : logback.getLoggerList()) {
            makeSafe(logger);
        }
    }

    private static void makeSafe(AppenderAttachable<ILoggingEvent> attached) {
        for (Iterator<Appender<ILoggingEvent>> all = attached.iteratorForAppenders(); all.hasNext();) {
            Appender<ILoggingEvent> appender = all.next();
            if (appender instanceof AppenderAttachable<?>) {
                // a wrapping appender, such as an asynchronous one, passes the same events on
                @SuppressWarnings("unchecked")
                AppenderAttachable<ILoggingEvent> behind = (AppenderAttachable<ILoggingEvent>) appender;
                makeSafe(behind);
            } else if (appender instanceof OutputStreamAppender<?> stream
                    && stream.getEncoder() instanceof LayoutWrappingEncoder<?> encoder
                    && encoder.getLayout() instanceof PatternLayout layout) {
                makeSafe(layout);
            }
        }
    }

    private static void makeSafe(PatternLayout layout) {
        Map<String, Supplier<DynamicConverter>> words = layout.getInstanceConverterMap();
        if (words.entrySet().containsAll(LogEscapes.WORDS.entrySet())) {
            // a second node starts in this process while the first one is logging
            return;
        }
        words.putAll(LogEscapes.WORDS);
        layout.setPostCompileProcessor(new LogEscapes.StackAtTheEnd());
        // compiles the pattern again
        layout.start();
    }
}
