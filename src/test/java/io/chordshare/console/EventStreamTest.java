package io.chordshare.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.ServletOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.DelegatingServletOutputStream;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

/** What a reader gets while nothing happens. */
class EventStreamTest {

    private static final Duration HEARTBEAT = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String COMMENT = ": still here\n\n";

    private final EventLog log = new EventLog();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private Thread reader = new Thread();

    @BeforeEach
    void read() {
        EventStream stream = new EventStream(log, new JsonMapper(), HEARTBEAT);
        MockHttpServletResponse response = new MockHttpServletResponse() {
            @Override
            public ServletOutputStream getOutputStream() {
                return new DelegatingServletOutputStream(received);
            }
        };
        reader = Thread.ofVirtual().start(() -> {
            try {
                stream.events(null, null, 0, new MockHttpServletRequest("GET", "/events"), response);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @AfterEach
    void close() throws InterruptedException {
        log.close();
        assertThat(reader.join(PATIENCE)).as("a closed log ends the stream").isTrue();
    }

    private String text() {
        return received.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_quiet_node_sends_a_comment_with_each_heartbeat_and_events_still_come() {
        await().atMost(PATIENCE).until(() -> text().endsWith(COMMENT.repeat(3)));
        assertThat(text()).isEqualTo("retry: 1000\n\n" + COMMENT.repeat(text().split(COMMENT, -1).length - 1));

        log.append(new NodeEvent.ManyFiles(Instant.EPOCH));

        await().atMost(PATIENCE).until(() -> text().contains("event: files\n"));
        await("comments go on").atMost(PATIENCE).until(() -> text().endsWith(COMMENT));
        assertThat(text().split("event: ", -1)).as("events").hasSize(2);
    }

    /** Proxies close a connection on which nothing moves, most of them after a minute. */
    @Test
    void the_heartbeat_of_a_node_is_quicker_than_proxies_are_impatient() {
        assertThat(EventStream.HEARTBEAT).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(30));
    }
}
