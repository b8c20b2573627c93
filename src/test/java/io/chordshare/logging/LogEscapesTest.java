package io.chordshare.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that strangers choose reach the log, where people and their terminals read them. */
class LogEscapesTest {

    private static final String HOSTILE = "a\nINFO forged\r\u001b[2J\u0000\u007f\u009b\u2028\u202e\tz";
    private static final String SAFE = "a\\nINFO forged\\r\\u001b[2J\\u0000\\u007f\\u009b\\u2028\\u202e\tz";

    private final LogbackMDCAdapter properties = new LogbackMDCAdapter();
    private final LoggerContext logback = new LoggerContext();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    private OutputStreamAppender<ILoggingEvent> appender(String pattern) {
        logback.setMDCAdapter(properties);
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(logback);
        encoder.setPattern(pattern);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(logback);
        appender.setEncoder(encoder);
        appender.setOutputStream(log);
        appender.start();
        return appender;
    }

    private Logger logger(String name, String pattern) {
        logback.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender(pattern));
        SafeLog.makeSafe(logback);
        return logback.getLogger(name);
    }

    private List<String> lines() {
        return List.of(log.toString(StandardCharsets.UTF_8).split("\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%m", "%msg", "%message", "%-5level %logger{20} - %.-500m"})
    void no_control_character_of_a_message_or_its_arguments_reaches_the_log(String pattern) {
        logger("io.chordshare.x", pattern + "%n").warn("stored {} by " + HOSTILE, HOSTILE);
        assertThat(lines()).hasSize(1).first().asString().endsWith("stored " + SAFE + " by " + SAFE);
    }

    @Test
    void no_control_character_of_a_thread_property_or_value_reaches_the_log() throws InterruptedException {
        Logger logger = logger("io.chordshare.x", "%t %thread %X{a} %mdc %kvp %m%n");
        Thread thread = Thread.ofVirtual().name(HOSTILE).start(() -> {
            properties.put("a", HOSTILE);
            logger.atInfo().addKeyValue("b", HOSTILE).log("m");
        });
        thread.join();
        assertThat(lines()).containsExactly("%1$s %1$s %1$s a=%1$s b=\"%1$s\" m".formatted(SAFE));
    }

    /** The last pattern has no word for an exception, so Logback adds one. */
    @ParameterizedTest
    @ValueSource(strings = {"%m%n%ex", "%m%n%wEx", "%m%n%wex", "%m%n%xEx", "%m%n%rEx", "%m%n%throwable", "%m%n"})
    void every_exception_message_is_one_line_at_any_depth(String pattern) {
        IllegalStateException failure = new IllegalStateException(HOSTILE, new IllegalArgumentException(HOSTILE));
        failure.addSuppressed(new IllegalStateException(HOSTILE));
        logger("io.chordshare.x", pattern).error("failed", failure);
        assertThat(lines()).allMatch(line -> line.chars().noneMatch(c -> Character.isISOControl(c) && c != '\t'));
        assertThat(lines()).filteredOn(line -> line.contains("forged")).hasSize(3)
                .allSatisfy(line -> assertThat(line).contains(SAFE));
        assertThat(lines()).filteredOn(line -> line.strip().startsWith("at ")).isNotEmpty();
    }

    @Test
    void an_appender_behind_an_asynchronous_one_escapes_too() {
        AsyncAppender asynchronous = new AsyncAppender();
        asynchronous.setContext(logback);
        asynchronous.addAppender(appender("%m%n"));
        asynchronous.start();
        Logger root = logback.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(asynchronous);
        SafeLog.makeSafe(logback);
        root.warn(HOSTILE);
        // waits for queued events
        asynchronous.stop();
        assertThat(lines()).containsExactly(SAFE);
    }

    @Test
    void a_start_report_of_several_lines_stays_readable() {
        logger("org.springframework.boot.diagnostics.LoggingFailureAnalysisReporter", "%m%n")
                .error("\n***\r\nAPPLICATION FAILED TO START\u001b\r!\n");
        assertThat(lines()).contains("***\r", "APPLICATION FAILED TO START\\u001b\\r!");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "Übersicht/報告 2026 \uD83D\uDE00 'x' \\n", "\tname\t"})
    void ordinary_text_is_unchanged(String text) {
        assertThat(SafeText.of(text)).isSameAs(text);
    }

    /**
     * Everything that controls a terminal, ends a line or is invisible: C0, C1, separators, bidirectional controls,
     * tags, surrogates.
     */
    @Test
    void every_invisible_character_is_escaped() {
        int[] hidden = {0, 7, 8, 0x0b, 0x0c, 0x1b, 0x7f, 0x80, 0x85, 0x9b, 0x9f, 0xad, 0x61c, 0x200b, 0x200e, 0x200f,
            0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xd800, 0xdfff};
        for (int c : hidden) {
            assertThat(SafeText.of("x" + (char) c + "y")).isEqualTo("x\\u%04xy".formatted(c));
        }
        assertThat(SafeText.of(Character.toString(0xe0041))).isEqualTo("\\udb40\\udc41");
        assertThat(SafeText.of("\uD83D\uDE00\n")).isEqualTo("\uD83D\uDE00\\n");
    }
}
