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
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code GET /events}: what happens at this node, as it happens (Server-Sent Events, HTML standard, section 9.2). Each
 * reader has a virtual thread that waits at the log and writes; nothing is kept for a reader, so a slow one costs no
 * memory.
 */
@RestController
@Tag(name = "Events", description = "What happens at this node, as it happens")
public class EventStream {

    /** A connection and a thread each. A browser opens one for each page of the console. */
    static final int MAX_READERS = 64;
    /** Shorter than proxies and clients wait for a sign of life, which is a minute mostly. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    /** The reader connects again and resumes: none holds a connection for ever. */
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    /** How long a browser waits before it connects again. */
    private static final Duration RECONNECT_AFTER = Duration.ofSeconds(1);
    private static final int MAX_RECENT = 200;

    private final EventLog log;
    private final JsonMapper json;
    private final Semaphore places = new Semaphore(MAX_READERS);
    /** Of this run of the node: the numbers of another run mean other events. */
    private final String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

    EventStream(EventLog log, JsonMapper json) {
        this.log = log;
        this.json = json;
    }

    @Operation(summary = "Follow what happens at this node (Server-Sent Events)",
            description = """
                    Events are `ring` (this node's status and pointers changed), `node` (a neighbour is SUSPECTED, \
                    CLEARED, DEAD, SWITCHED_OFF or LEFT), `file` (one was STORED or DELETED, at whichever node), \
                    `files` (many at once), `repair` (copies to be made) and `handover` (progress of a leave). A \
                    reader that comes back with `Last-Event-ID` gets what it missed; where that is not here any \
                    more, the event `reset` says so: read the state anew. A comment every 15 s shows that the \
                    connection stands. Try: `curl -N localhost:8081/events?recent=10`""")
    @ApiResponse(responseCode = "200", description = "Events until either side closes the connection",
            content = @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE, schema = @Schema(type = "string",
                    example = "id: 5e1f00aa-17\nevent: node\ndata: "
                    + "{\"at\":\"2026-11-28T09:00:00.123Z\",\"node\":{\"id\":"
                            + "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b\",\"address\":\"http://127.0.0.1:8083\","
                            + "\"incarnation\":1},\"change\":\"SUSPECTED\"}\n\n")))
    @GetMapping("/events")
    void events(@RequestHeader(name = "Last-Event-ID", required = false)
                @Parameter(in = ParameterIn.HEADER, description = "The id of the last event that the reader had")
                @Nullable String lastEventId,
                @RequestParam(name = "lastEventId", required = false)
                @Parameter(description =
                        "The same, for readers that cannot set the header") @Nullable String lastEventIdParameter,
                @RequestParam(defaultValue = "0")
                @Parameter(description = "Without an id: so many past events to begin with, up to 200") int recent,
                @Parameter(hidden = true) HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (recent < 0 || recent > MAX_RECENT) {
            throw new ChordshareException(ProblemType.INVALID_REQUEST, "recent must be 0 to " + MAX_RECENT);
        }
        if (!places.tryAcquire()) {
            throw new ChordshareException(ProblemType.BUSY, "This node has " + MAX_READERS
                    + " readers of events already. Close some, or ask another node", RETRY_AFTER, null);
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

    /** One reader's connection. */
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
                    batch = log.after(number, HEARTBEAT);
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

    /** Null when it is none, or one of another run of this node. */
    private @Nullable Long number(@Nullable String id) {
        if (id == null || !id.startsWith(run + "-")) {
            return null;
        }
        try {
            long number = Long.parseLong(id.substring(run.length() + 1));
            return log.knows(number) ? number : null;
        } catch (NumberFormatException e) {
            // nothing that this node ever gave out: told as any other id that it does not know
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
