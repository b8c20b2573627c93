package io.chordshare.console;

import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code GET /events}: the events of this node as they happen (Server-Sent Events, HTML standard, section 9.2). Each
 * reader has a virtual thread that waits at the log and writes. Nothing is stored per reader, so a slow one costs no
 * memory.
 */
@RestController
@Tag(name = "Events", description = "The events of this node, as they happen")
public class EventStream {

    /** Each reader has a connection and a thread. A browser opens one per page of the console. */
    static final int MAX_READERS = 64;
    /** Shorter than the idle timeout of proxies and clients, which is usually a minute. */
    static final Duration HEARTBEAT = Duration.ofSeconds(15);
    /** No reader holds a connection for ever: it reconnects and resumes. */
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    /** How long a browser waits before it reconnects. */
    private static final Duration RECONNECT_AFTER = Duration.ofSeconds(1);
    private static final int MAX_RECENT = 200;

    private final EventLog log;
    private final JsonMapper json;
    private final Duration heartbeat;
    private final Semaphore places = new Semaphore(MAX_READERS);
    /** Identifies this run of the node: event numbers of another run mean other events. */
    private final String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

    @Autowired
    EventStream(EventLog log, JsonMapper json) {
        this(log, json, HEARTBEAT);
    }

    /** @param heartbeat the longest time without a byte on the connection of a reader */
    EventStream(EventLog log, JsonMapper json, Duration heartbeat) {
        this.log = log;
        this.json = json;
        this.heartbeat = heartbeat;
    }

    @Operation(summary = "Follow the events of this node (Server-Sent Events)",
            description = """
                    Events are `ring` (this node's status and pointers changed), `node` (a neighbour is SUSPECTED, \
                    CLEARED, DEAD, SWITCHED_OFF or LEFT), `file` (a file was STORED or DELETED at any node), \
                    `files` (many files changed at once), `repair` (number of copies to make) and `handover` \
                    (progress of a leave). A reader that reconnects with `Last-Event-ID` gets the events that it \
                    missed. If they are no longer available, it gets the event `reset` and must read the state \
                    again. A comment every 15 s shows that the connection works. \
                    Try: `curl -N localhost:8081/events?recent=10`""")
    @ApiResponse(responseCode = "200", description = "Events until either side closes the connection",
            content = @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE, schema = @Schema(type = "string",
                    example = "id: 5e1f00aa-17\nevent: node\ndata: "
                    + "{\"at\":\"2026-11-28T09:00:00.123Z\",\"node\":{\"id\":"
                            + "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b\",\"address\":\"http://127.0.0.1:8083\","
                            + "\"incarnation\":1},\"change\":\"SUSPECTED\"}\n\n")))
    @GetMapping("/events")
    void events(@RequestHeader(name = "Last-Event-ID", required = false)
                @Parameter(in = ParameterIn.HEADER, description = "The id of the last event that the reader received")
                @Nullable String lastEventId,
                @RequestParam(name = "lastEventId", required = false)
                @Parameter(description = "The same, for readers that cannot set the header")
                @Nullable String lastEventIdParameter,
                @RequestParam(defaultValue = "0")
                @Parameter(description = "Without an id: number of past events to start with, up to 200") int recent,
                @Parameter(hidden = true) HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (recent < 0 || recent > MAX_RECENT) {
            throw new ChordshareException(ProblemType.INVALID_REQUEST, "recent must be 0 to " + MAX_RECENT);
        }
        if (!places.tryAcquire()) {
            throw new ChordshareException(ProblemType.BUSY, "This node already has " + MAX_READERS
                    + " readers of events. Close some, or use another node", RETRY_AFTER, null);
        }
        try {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            if (!request.getMethod().equals("HEAD")) {
                String id = lastEventId == null ? lastEventIdParameter : lastEventId;
                new Reader(response.getOutputStream()).run(id, recent);
            }
        } finally {
            places.release();
        }
    }

    /** The connection of one reader. */
    private final class Reader {

        private final OutputStream out;

        private Reader(OutputStream out) {
            this.out = out;
        }

        private void run(@Nullable String lastId, int recent) throws IOException {
            Long resumed = number(lastId);
            long number = resumed == null ? Math.max(0, log.last() - (lastId == null ? recent : 0)) : resumed;
            StringBuilder first = new StringBuilder("retry: ").append(RECONNECT_AFTER.toMillis()).append("\n\n");
            if (lastId != null && resumed == null) {
                reset(first, number);
            }
            write(first);
            long start = System.nanoTime();
            while (System.nanoTime() - start < LONGEST.toNanos()) {
                EventLog.Batch batch;
                try {
                    batch = log.after(number, heartbeat);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
                StringBuilder text = new StringBuilder();
                if (batch.missed()) {
                    reset(text, number);
                }
                for (EventLog.Entry entry : batch.entries()) {
                    number = entry.number();
                    append(text, entry);
                }
                write(text.isEmpty() ? text.append(": still here\n\n") : text);
                if (batch.closed()) {
                    return;
                }
            }
        }

        private void write(CharSequence text) throws IOException {
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    /** Null when the id is invalid, or belongs to another run of this node. */
    private @Nullable Long number(@Nullable String id) {
        if (id == null || !id.startsWith(run + "-")) {
            return null;
        }
        try {
            long number = Long.parseLong(id.substring(run.length() + 1));
            return log.knows(number) ? number : null;
        } catch (NumberFormatException e) {
            // This node never gave out this id: same as any unknown id
            return null;
        }
    }

    private void reset(StringBuilder text, long number) {
        text.append("id: ").append(run).append('-').append(number).append("\nevent: reset\ndata: {}\n\n");
    }

    private void append(StringBuilder text, EventLog.Entry entry) {
        text.append("id: ").append(run).append('-').append(entry.number()).append("\nevent: ")
                .append(entry.event().name())
                .append("\ndata: ").append(json.writeValueAsString(entry.event())).append("\n\n");
    }
}
