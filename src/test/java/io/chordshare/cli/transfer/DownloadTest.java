package io.chordshare.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.FakeNode;
import io.chordshare.cli.TestTerminal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads that break, change meanwhile, are damaged, or have names that lead elsewhere. */
class DownloadTest {

    private static final int SIZE = 300_000;
    private static final byte[] OLD = bytes(1);
    private static final byte[] NEW = bytes(2);

    private final TestTerminal terminal = new TestTerminal();
    private final AtomicReference<byte[]> stored = new AtomicReference<>(OLD);
    private volatile int cutAfter = Integer.MAX_VALUE;
    private volatile boolean ignoresIfRange;

    @TempDir
    private Path folder;

    private static byte[] bytes(long seed) {
        byte[] bytes = new byte[SIZE];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] sha256(byte[] bytes) {
        return Checksum.start().digest(bytes);
    }

    private static String etag(byte[] bytes) {
        return "\"" + HexFormat.of().formatHex(sha256(bytes)) + "\"";
    }

    /** Serves the stored bytes with ranges and conditions, and cuts each answer after a number of bytes. */
    private void serve(FakeNode.Request request, OutputStream out) throws IOException {
        byte[] bytes = stored.get();
        int from = 0;
        String range = request.header("Range");
        boolean part = !range.isEmpty()
                && (ignoresIfRange || request.header("If-Range").equals(etag(bytes)));
        if (part) {
            from = Integer.parseInt(range.replaceAll("\\D", ""));
        }
        FakeNode.head(out, part ? "206 x" : "200 x", "ETag: " + etag(bytes), "Content-Length: " + (bytes.length - from),
                "Repr-Digest: sha-256=:" + Base64.getEncoder().encodeToString(sha256(bytes)) + ":",
                part ? "Content-Range: bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length : "X: y");
        if (!request.line().startsWith("HEAD")) {
            out.write(bytes, from, Math.min(cutAfter, bytes.length - from));
        }
    }

    private FakeNode node() {
        return FakeNode.answering((request, in, out) -> serve(request, out));
    }

    private List<String> inFolder() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private String target() {
        return "--output=" + folder.resolve("it");
    }

    @Test
    void a_broken_download_asks_for_the_rest_by_itself() throws IOException {
        cutAfter = 70_000;
        try (FakeNode node = node()) {
            assertThat(terminal.run(node, "get", "it", target())).as(terminal.err()).isEqualTo(ExitCode.DONE);

            assertThat(folder.resolve("it")).hasBinaryContent(OLD);
            assertThat(node.requests).hasSize(5);
            assertThat(node.requests.get(1).header("Range")).isEqualTo("bytes=70000-");
            assertThat(node.requests.get(1).header("If-Range")).isEqualTo(etag(OLD));
            assertThat(inFolder()).containsExactly("it");
        }
    }

    @Test
    void what_a_command_left_is_where_the_next_one_goes_on_also_at_another_node() throws IOException {
        cutAfter = 100_000;
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            serve(request, out);
            cutAfter = 0;
        })) {
            assertThat(terminal.run(node, "get", "it", target())).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(terminal.pauses).hasSize(5);
            assertThat(inFolder()).hasSize(1).allMatch(name -> name.endsWith(".part"));
        }
        cutAfter = Integer.MAX_VALUE;
        try (FakeNode other = node()) {
            assertThat(terminal.run(other, "get", "it", target())).as(terminal.err()).isEqualTo(ExitCode.DONE);

            assertThat(other.requests.getLast().header("Range")).isEqualTo("bytes=100000-");
            assertThat(terminal.out()).contains("resumed at 100 kB");
            assertThat(folder.resolve("it")).hasBinaryContent(OLD);
            assertThat(inFolder()).containsExactly("it");
        }
    }

    @Test
    void bytes_of_two_versions_never_come_into_one_file() throws IOException {
        cutAfter = 100_000;
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            serve(request, out);
            cutAfter = 150_000;
            stored.set(NEW);
        })) {
            assertThat(terminal.run(node, "get", "it", target())).as(terminal.err()).isEqualTo(ExitCode.DONE);

            assertThat(folder.resolve("it")).hasBinaryContent(NEW);
            assertThat(inFolder()).containsExactly("it");
        }
    }

    @Test
    void the_rest_of_another_version_is_not_taken_for_the_rest() throws IOException {
        cutAfter = 100_000;
        ignoresIfRange = true;
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            serve(request, out);
            cutAfter = Integer.MAX_VALUE;
            stored.set(NEW);
        })) {
            assertThat(terminal.run(node, "get", "it", target())).isEqualTo(ExitCode.FAILED);
            assertThat(terminal.err()).contains("another part than the one that was asked for");
            assertThat(folder.resolve("it")).doesNotExist();
            // with a correct node the command continues
            ignoresIfRange = false;
            assertThat(terminal.run(node, "get", "it", target())).as(terminal.err()).isEqualTo(ExitCode.DONE);
            assertThat(folder.resolve("it")).hasBinaryContent(NEW);
        }
    }

    @Test
    void what_is_left_of_an_older_version_is_thrown_away_by_the_next_command() throws IOException {
        cutAfter = 100_000;
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            serve(request, out);
            cutAfter = 0;
        })) {
            assertThat(terminal.run(node, "get", "it", target())).isEqualTo(ExitCode.UNREACHABLE);
        }
        cutAfter = Integer.MAX_VALUE;
        stored.set(NEW);
        try (FakeNode node = node()) {
            assertThat(terminal.run(node, "get", "it", target())).as(terminal.err()).isEqualTo(ExitCode.DONE);
        }
        assertThat(folder.resolve("it")).hasBinaryContent(NEW);
        assertThat(inFolder()).containsExactly("it");
    }

    @Test
    void a_pipe_that_has_the_beginning_of_an_old_version_gets_no_end_of_a_new_one() {
        cutAfter = 100_000;
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            serve(request, out);
            stored.set(NEW);
        })) {
            assertThat(terminal.run(node, "get", "it", "--output=-")).isEqualTo(ExitCode.CONFLICT);
            assertThat(terminal.bytesOut()).hasSize(100_000);
            assertThat(terminal.err()).contains("replaced while it was downloaded");
        }
    }

    @Test
    void a_pipe_gets_the_rest_of_the_same_version() {
        cutAfter = 100_000;
        try (FakeNode node = node()) {
            assertThat(terminal.run(node, "get", "it", "-o", "-")).as(terminal.err()).isEqualTo(ExitCode.DONE);
            assertThat(terminal.bytesOut()).isEqualTo(OLD);
        }
    }

    @Test
    void damaged_bytes_become_no_file() throws IOException {
        byte[] digest = sha256(NEW);
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            FakeNode.head(out, "200 x", "Content-Length: " + SIZE,
                    "Repr-Digest: sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":");
            out.write(OLD);
        })) {
            assertThat(terminal.run(node, "get", "it", target())).isEqualTo(ExitCode.DAMAGED);
            assertThat(terminal.err()).contains("not what was stored");
            assertThat(inFolder()).isEmpty();
        }
    }

    @Test
    void bytes_of_a_part_that_were_changed_on_this_disk_become_no_file() throws IOException {
        cutAfter = 100_000;
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            serve(request, out);
            cutAfter = 0;
        })) {
            assertThat(terminal.run(node, "get", "it", target())).isEqualTo(ExitCode.UNREACHABLE);
        }
        Path part = folder.resolve(inFolder().getFirst());
        byte[] changed = Files.readAllBytes(part);
        changed[5] ^= 1;
        Files.write(part, changed);
        cutAfter = Integer.MAX_VALUE;
        try (FakeNode node = node()) {
            assertThat(terminal.run(node, "get", "it", target())).isEqualTo(ExitCode.DAMAGED);
            assertThat(inFolder()).isEmpty();
            assertThat(terminal.run(node, "get", "it", target())).isEqualTo(ExitCode.DONE);
            assertThat(folder.resolve("it")).hasBinaryContent(OLD);
        }
    }

    @Test
    void a_file_that_is_there_is_replaced_on_demand_only() throws IOException {
        Files.write(folder.resolve("it"), NEW);
        try (FakeNode node = node()) {
            assertThat(terminal.run(node, "get", "it", target())).isEqualTo(ExitCode.CONFLICT);
            assertThat(folder.resolve("it")).hasBinaryContent(NEW);
            assertThat(terminal.run(node, "get", "it", target(), "--force")).isEqualTo(ExitCode.DONE);
            assertThat(folder.resolve("it")).hasBinaryContent(OLD);
            assertThat(terminal.run(node, "get", "it", target())).isEqualTo(ExitCode.DONE);
            assertThat(terminal.out()).contains("is there already");
        }
    }

    @Test
    void two_downloads_of_one_file_do_not_write_into_each_other() throws IOException {
        try (FakeNode node = node()) {
            cutAfter = 0;
            try (PartFile part = PartFile.open(folder.resolve("it"), HexFormat.of().formatHex(sha256(OLD)))) {
                assertThat(terminal.run(node, "get", "it", target())).isEqualTo(ExitCode.CONFLICT);
                assertThat(terminal.err()).contains("being downloaded");
                part.delete();
            } catch (ClientException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void names_from_the_network_stay_in_the_folder() throws IOException {
        String[] names = {"../out", "a/../../out", "/etc/out", "a//out", "a/./out", "link/out", "a/..", "..\\\\out",
                "good/in"};
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(inner.resolve("link"), folder.resolve("elsewhere"));
        String list = String.join(",", Stream.of(names).map(name -> "{\"name\":\"" + name + "\"}").toList());
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            if (request.line().startsWith("GET /files?")) {
                FakeNode.json(out, "200 x", "{\"files\":[" + list + "],\"next\":null}");
            } else {
                serve(request, out);
            }
        })) {
            assertThat(terminal.run(node, "get", "/", "-o", inner.toString())).isEqualTo(ExitCode.FAILED);
        }
        assertThat(inFolder()).containsExactly("elsewhere", "inner");
        assertThat(folder.resolve("elsewhere")).isEmptyDirectory();
        assertThat(inner.resolve("good/in")).hasBinaryContent(OLD);
        try (Stream<Path> all = Files.walk(inner)) {
            assertThat(all.filter(Files::isRegularFile)).containsExactly(inner.resolve("good/in"));
        }
        assertThat(terminal.err().lines().filter(line -> line.contains("cannot be a file in a folder"))).hasSize(7);
        assertThat(terminal.err()).contains("leads out of");
    }

    @Test
    void a_part_that_is_a_link_is_not_followed() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        try (PartFile part = PartFile.open(folder.resolve("it"), HexFormat.of().formatHex(sha256(OLD)))) {
            Path file = folder.resolve(inFolder().stream().filter(name -> name.endsWith(".part")).findFirst()
                    .orElseThrow());
            part.delete();
            Files.createSymbolicLink(file, victim);
        } catch (ClientException e) {
            throw new AssertionError(e);
        }
        try (FakeNode node = node()) {
            assertThat(terminal.run(node, "get", "it", target())).isEqualTo(ExitCode.FAILED);
        }
        assertThat(victim).hasContent("precious");
    }
}
