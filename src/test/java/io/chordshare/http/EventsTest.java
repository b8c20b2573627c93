package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The events that a reader of {@code GET /events} gets. */
@ExtendWith(SharedRing.class)
class EventsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** The limit of a node, see EventStream. */
    private static final int MAX_READERS = 64;

    private final LocalNodes ring;
    private final Api api;

    EventsTest(LocalNodes ring) {
        this.ring = ring;
        this.api = ring.api(0);
    }

    private record Event(String id, String name, JsonNode data) {

        boolean isFile(String name, String change) {
            return this.name.equals("file") && data.path("file").asString().equals(name)
                    && data.path("change").asString().equals(change);
        }
    }

    /** A reader in its own thread. */
    private static final class Reader implements AutoCloseable {

        private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

        private final HttpResponse<InputStream> response;
        private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

        Reader(Api api, String query, Map<String, String> headers) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api.address() + "/events" + query))
                    .timeout(PATIENCE);
            headers.forEach(request::header);
            response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            if (response.statusCode() == 200) {
                Thread.ofVirtual().start(this::read);
            }
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        private void read() {
            String id = "";
            String name = "";
            String data = "";
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("event: ")) {
                        name = line.substring(7);
                    } else if (line.startsWith("data: ")) {
                        data = line.substring(6);
                    } else if (line.isEmpty() && !name.isEmpty()) {
                        events.add(new Event(id, name, new JsonMapper().readTree(data)));
                        name = "";
                    }
                }
            } catch (IOException e) {
                // Closed by this test, or by the node. The test waits for that
            }
        }

        Event next() throws InterruptedException {
            Event event = events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(event).as("an event within %s", PATIENCE).isNotNull();
            return event;
        }

        Event awaitFile(String name, String change) throws InterruptedException {
            Event event = next();
            while (!event.isFile(name, change)) {
                event = next();
            }
            return event;
        }

        @Override
        public void close() {
            try {
                response.body().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Reader reader(String query) throws IOException, InterruptedException {
        return new Reader(api, query, Map.of());
    }

    @Test
    void a_reader_gets_events_of_files_stored_and_deleted_at_any_node() throws Exception {
        try (Reader reader = reader("")) {
            assertThat(reader.header("Content-Type")).startsWith("text/event-stream");
            assertThat(reader.header("Cache-Control")).isEqualTo("no-store");
            ring.api(1).put("/files/events/one", "12345").assertStatus(201);
            Event stored = reader.awaitFile("events/one", "STORED");
            assertThat(stored.data().path("size").asLong()).isEqualTo(5);
            assertThat(stored.data().path("at").asString()).endsWith("Z");
            ring.api(2).delete("/files/events/one").assertStatus(204);
            reader.awaitFile("events/one", "DELETED");
        }
    }

    @Test
    void a_reconnected_reader_gets_every_missed_event_once() throws Exception {
        String last;
        try (Reader reader = reader("")) {
            api.put("/files/events/before", "x");
            last = reader.awaitFile("events/before", "STORED").id();
        }
        for (int i = 0; i < 3; i++) {
            api.put("/files/events/missed" + i, "x");
        }
        for (boolean byHeader : new boolean[] {true, false}) {
            try (Reader reader = byHeader ? new Reader(api, "", Map.of("Last-Event-ID", last))
                    : reader("?lastEventId=" + last)) {
                Set<String> ids = new HashSet<>(Set.of(last));
                List<String> files = new ArrayList<>();
                while (files.size() < 3) {
                    Event event = reader.next();
                    assertThat(ids.add(event.id())).as("%s comes once", event).isTrue();
                    assertThat(event.name()).isNotEqualTo("reset");
                    if (event.name().equals("file")) {
                        files.add(event.data().path("file").asString());
                    }
                }
                assertThat(files).containsExactly("events/missed0", "events/missed1", "events/missed2");
            }
        }
    }

    @Test
    void a_reader_with_an_id_of_another_run_gets_a_reset() throws Exception {
        for (String id : List.of("00000000-1", "nonsense", "x-y-z", "0")) {
            try (Reader reader = new Reader(api, "", Map.of("Last-Event-ID", id))) {
                assertThat(reader.next().name()).as(id).isEqualTo("reset");
            }
        }
    }

    @Test
    void a_new_reader_may_start_with_recent_events() throws Exception {
        try (Reader reader = reader("")) {
            api.put("/files/events/past", "x");
            reader.awaitFile("events/past", "STORED");
        }
        try (Reader reader = reader("?recent=200")) {
            reader.awaitFile("events/past", "STORED");
        }
        api.get("/events?recent=201").assertProblem(400);
        api.get("/events?recent=-1").assertProblem(400);
    }

    @Test
    void too_many_readers_are_refused_and_a_closed_reader_makes_room() throws Exception {
        List<Reader> readers = new ArrayList<>();
        try {
            Reader refused = null;
            while (refused == null && readers.size() < MAX_READERS + 1) {
                Reader next = reader("");
                if (next.response.statusCode() == 200) {
                    readers.add(next);
                } else {
                    refused = next;
                }
            }
            assertThat(readers).hasSizeBetween(MAX_READERS - 4, MAX_READERS);
            api.get("/events").assertProblem(503, "busy");
            assertThat(api.get("/events").header("Retry-After")).isNotEmpty();
            // Other requests still work
            api.get("/ring").assertStatus(200);
        } finally {
            readers.forEach(Reader::close);
        }
        // The node notices a disconnected reader when it writes to it
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).untilAsserted(() -> {
            api.put("/files/events/wake", "x");
            try (Reader one = reader("")) {
                assertThat(one.response.statusCode()).isEqualTo(200);
            }
        });
    }

    @Test
    void a_head_request_does_not_wait_for_events() {
        assertThat(api.head("/events").status()).isEqualTo(200);
    }
}
