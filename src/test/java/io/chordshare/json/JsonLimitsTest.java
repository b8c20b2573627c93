package io.chordshare.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.id.ChordId;
import io.chordshare.placement.Ballot;
import io.chordshare.placement.PlacementRequest;
import io.chordshare.placement.PlacementRequest.AcceptViews;
import io.chordshare.placement.PlacementRequest.SlotReport;
import io.chordshare.placement.PlacementRequest.SlotReports;
import io.chordshare.placement.PlacementRequest.ViewVote;
import io.chordshare.placement.PlacementRequest.ViewVotes;
import io.chordshare.placement.View;
import io.chordshare.register.Register;
import io.chordshare.register.RegisterRequest.Registers;
import io.chordshare.register.RegisterRequest.SlotPage;
import io.chordshare.register.RegisterRequest.Write;
import io.chordshare.register.RegisterStore.SlotLine;
import io.chordshare.replication.ReplicaRequest.AskStates;
import io.chordshare.ring.protocol.RingRequest.Regroup;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.IndexChanges;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.Version;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** The limits stop strangers, but no message that a node can send. */
class JsonLimitsTest {

    private static final ChordId ID = ChordId.ofName("a");
    private static final Version LONGEST = new Version(Version.MAX_COUNTER - 1, "w".repeat(128));
    /** JSON writes each of these characters as two. */
    private static final String NAME = "\"".repeat(1024);
    private static final String LONG_HOST = ("h".repeat(60) + ".").repeat(4) + "example:65535";
    private static final String MEDIA_TYPE = "text/" + "x".repeat(1000);

    private final JsonMapper json = JsonMapper.builder(
            JsonFactory.builder().streamReadConstraints(JsonLimits.constraints()).build()).build();

    @Test
    void the_largest_requests_are_within_the_limits() {
        List<String> keys = Collections.nCopies(AskStates.MAX_KEYS, ID.toString());
        assertRequest(new AskStates(keys, true, Collections.nCopies(keys.size(), 1L << 52)));
        byte[] bytes = new byte[Content.MAX_INLINE_BYTES];
        List<Peer> members = members();
        assertRequest(new Write(record(bytes.length, Sha256.of(bytes), Content.inline(bytes)), 1L << 52, members));
        List<Sha256> blocks = Collections.nCopies(Content.MAX_LISTED, Sha256.of(bytes));
        assertRequest(new Write(record((long) Content.MAX_LISTED * Content.BLOCK_BYTES, blocks.getFirst(),
                Content.ofBlocks(blocks)), 1L << 52, members));
        View view = new View("r".repeat(64), 65_535, 1L << 52, members, members);
        List<List<View>> parts = PlacementRequest.parts(Collections.nCopies(PlacementRequest.MAX_SLOTS, view),
                same -> same);
        assertThat(parts.stream().mapToInt(List::size).sum()).isEqualTo(PlacementRequest.MAX_SLOTS);
        parts.forEach(part -> assertRequest(AcceptViews.of(part,
                new Ballot(1L << 52, "p".repeat(64)))));
        List<Peer> peers = Collections.nCopies(256, new Peer(ID, "https://" + LONG_HOST, Peer.MAX_INCARNATION));
        assertRequest(new Regroup(peers.getFirst(), List.of(ID.toString()), peers, true));
    }

    @Test
    void the_largest_responses_are_within_the_limits() {
        List<Peer> members = members();
        View view = new View("r".repeat(64), 65_535, 1L << 52, members, members);
        Ballot ballot = new Ballot(1L << 52, "p".repeat(64));
        assertAnswer(new SlotReports(Collections.nCopies(PlacementRequest.MAX_SLOTS,
                new SlotReport(65_535, 1L << 52, view, 1L << 52, true, view))));
        assertAnswer(new ViewVotes(Collections.nCopies(PlacementRequest.MAX_SLOTS,
                new ViewVote(true, view, ballot, ballot, view))));
        SlotLine version = new SlotLine(ID.toString(), LONGEST, LONGEST);
        assertAnswer(new SlotPage(Collections.nCopies(1000, version)));
        byte[] bytes = new byte[Content.MAX_INLINE_BYTES];
        assertAnswer(new Registers(Collections.nCopies(32, new Register(record(bytes.length, Sha256.of(bytes),
                Content.inline(bytes)), LONGEST, true))));
        FileEntry line = new FileEntry(ChordId.ofName(NAME).toString(), NAME, LONGEST, false, Content.MAX_FILE_BYTES,
                Sha256.of(new byte[0]), MEDIA_TYPE, Instant.parse("2026-11-28T12:00:00.123456Z"), Copies.ALL);
        assertAnswer(new IndexChanges("e".repeat(64), Collections.nCopies(500, line), Long.MAX_VALUE));
    }

    private static List<Peer> members() {
        return IntStream.range(0, View.MAX_MEMBERS).mapToObj(i ->
                new Peer(ChordId.ofName("member-" + i), "https://" + LONG_HOST, Peer.MAX_INCARNATION)).toList();
    }

    private static FileRecord record(long size, Sha256 hash, Content content) {
        return new FileRecord(ChordId.ofName(NAME).toString(), NAME, 1, LONGEST, false, size, hash, MEDIA_TYPE,
                Instant.parse("2026-11-28T12:00:00.123456Z"), Copies.ALL, content);
    }

    private void assertRequest(Object message) {
        assertThat(json.writeValueAsBytes(message).length).as(message.getClass().getSimpleName())
                .isLessThanOrEqualTo((int) ArrivingJson.MAX_REQUEST.toBytes());
        assertAnswer(message);
    }

    private void assertAnswer(Object message) {
        byte[] written = json.writeValueAsBytes(message);
        assertThat(json.writeValueAsBytes(json.readValue(written, message.getClass())))
                .as(message.getClass().getSimpleName()).isEqualTo(written);
    }

    @Test
    void an_exceeded_limit_is_recognized_behind_every_cause() {
        assertThatThrownBy(() -> json.readTree("[".repeat(JsonLimits.MAX_DEPTH + 1))).satisfies(excess -> {
            assertThat(excess).isInstanceOf(StreamConstraintsException.class);
            assertThat(JsonLimits.isExceeded(new IllegalStateException(new IllegalStateException(excess)))).isTrue();
        });
        IllegalStateException circle = new IllegalStateException("a");
        circle.initCause(new IllegalStateException("b", circle));
        assertThat(JsonLimits.isExceeded(circle)).isFalse();
    }
}
