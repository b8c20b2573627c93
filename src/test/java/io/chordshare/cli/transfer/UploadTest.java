package io.chordshare.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.FakeNode;
import io.chordshare.cli.TestTerminal;
import io.chordshare.cli.http.NodeAddress;
import io.chordshare.cli.http.NodeClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that are refused half-way, stall, change while they are read, or arrive damaged. */
class UploadTest {

    private static final String FULL = "{\"title\":\"There is no room left\",\"detail\":\"Make room\"}";
    private static final long LARGE = 200L * 1024 * 1024;

    private final TestTerminal terminal = new TestTerminal();

    @TempDir
    private Path folder;

    private Path large() throws IOException {
        Path file = folder.resolve("large");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(LARGE);
        }
        return file;
    }

    private static String stored(String content) {
        return "{\"name\":\"it\",\"size\":" + content.length() + ",\"sha256\":\""
                + HexFormat.of().formatHex(Checksum.start().digest(content.getBytes())) + "\"}";
    }

    @Test
    void a_refusal_in_the_middle_of_a_large_file_is_understood() throws IOException {
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            in.readNBytes(10_000_000);
            FakeNode.json(out, "507 x", FULL);
        })) {
            assertThat(terminal.run(node, "put", large().toString())).isEqualTo(ExitCode.TRY_LATER);
            assertThat(terminal.err()).contains("There is no room left. Make room");
        }
    }

    @Test
    void a_node_that_dies_in_the_middle_is_told_apart_from_a_refusal() throws IOException {
        try (FakeNode node = FakeNode.answering((request, in, out) -> in.readNBytes(10_000_000))) {
            assertThat(terminal.run(node, "put", large().toString())).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(terminal.err()).contains("The connection to ", " broke", "ask another node with --node");
            assertThat(terminal.out()).isEmpty();
        }
    }

    @Test
    void a_link_to_a_folder_is_followed_where_the_user_names_it_and_left_out_inside_of_a_folder() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Files.writeString(real.resolve("it"), "hello");
        Path named = Files.createSymbolicLink(folder.resolve("named"), real);
        Files.createSymbolicLink(real.resolve("inside"), folder);
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            in.readNBytes(5);
            FakeNode.json(out, "201 x", stored("hello"));
        })) {
            assertThat(terminal.run(node, "put", named.toString())).isEqualTo(ExitCode.DONE);
            assertThat(node.requests).singleElement()
                    .matches(request -> request.line().startsWith("PUT /files/named/it "));
            assertThat(terminal.err()).contains("left out", "inside", "symbolic link");
        }
    }

    @Test
    void of_a_large_file_that_is_there_already_nothing_is_sent() throws IOException {
        try (FakeNode node = FakeNode.answering((request, in, out) ->
                FakeNode.head(out, "200 x", "Content-Length: 5"))) {
            assertThat(terminal.run(node, "put", "--new", large().toString())).isEqualTo(ExitCode.CONFLICT);
            assertThat(node.requests).singleElement().matches(request -> request.line().startsWith("HEAD"));
        }
    }

    @Test
    void a_node_that_takes_nothing_any_more_is_given_up() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        })) {
            NodeClient client = new NodeClient(NodeAddress.parse(node.address(), ""), (time, why) -> { });
            Upload upload = new Upload(client, new Progress(System.err, false, 0, System::nanoTime),
                    Duration.ofMillis(300));
            ClientException e = catchThrowableOfType(ClientException.class,
                    () -> upload.file(large(), "it", new Upload.Wishes(null, false)));
            assertThat(e.code()).isEqualTo(ExitCode.UNREACHABLE);
            assertThat(e).hasMessageContaining("took nothing for");
        } finally {
            end.countDown();
        }
    }

    @Test
    void a_source_that_breaks_off_sends_no_end() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        StringBuilder body = new StringBuilder();
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            try {
                body.append(new String(in.readAllBytes()));
            } finally {
                seen.countDown();
            }
        })) {
            NodeClient client = new NodeClient(NodeAddress.parse(node.address(), ""), (time, why) -> { });
            InputStream broken = new InputStream() {
                private int left = 10;

                @Override
                public int read() throws IOException {
                    if (left-- > 0) {
                        return 'x';
                    }
                    throw new IOException("the disk is broken");
                }

                @Override
                public int read(byte[] bytes, int from, int count) throws IOException {
                    bytes[from] = (byte) read();
                    return 1;
                }
            };
            ClientException e = catchThrowableOfType(ClientException.class,
                    () -> new Upload(client, new Progress(System.err, false, 0, System::nanoTime)).stream(broken, "it",
                            new Upload.Wishes(null, false)));
            assertThat(e).hasMessageContaining("the disk is broken").hasMessageContaining("Nothing was stored");
            seen.await();
            assertThat(body.toString()).doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void what_is_stored_must_be_what_was_sent() throws IOException {
        Path file = Files.writeString(folder.resolve("it"), "hello");
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            in.readNBytes(5);
            FakeNode.json(out, "201 x", stored("hellO"));
        })) {
            assertThat(terminal.run(node, "put", file.toString())).isEqualTo(ExitCode.DAMAGED);
        }
    }

    @Test
    void a_busy_node_is_asked_again_when_it_says_so_but_not_for_ever() throws IOException {
        Path file = Files.writeString(folder.resolve("it"), "hello");
        int[] times = new int[1];
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            in.readNBytes(5);
            if (++times[0] < 3) {
                FakeNode.json(out, "503 x", "{\"title\":\"Busy\"}", "Retry-After: 7");
            } else {
                FakeNode.json(out, "201 x", stored("hello"));
            }
        })) {
            assertThat(terminal.run(node, "put", file.toString())).as(terminal.err()).isEqualTo(ExitCode.DONE);
            assertThat(terminal.pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
            times[0] = -100;
            assertThat(terminal.run(node, "put", file.toString())).isEqualTo(ExitCode.TRY_LATER);
            assertThat(times[0]).isEqualTo(-95);
        }
    }

    @Test
    void names_are_sent_as_they_are() throws IOException {
        String name = "a b/\"<b>'&?#%;+\u05E9\u202E\uD83C\uDF89@x";
        Path file = Files.writeString(folder.resolve("it"), "hello");
        try (FakeNode node = FakeNode.answering((request, in, out) -> {
            in.readNBytes(5);
            FakeNode.json(out, "201 x", stored("hello"));
        })) {
            assertThat(terminal.run(node, "put", file.toString(), "--as=" + name, "--copies=3"))
                    .isEqualTo(ExitCode.DONE);
            assertThat(node.requests.getFirst().line())
                    .isEqualTo("PUT /files/a%20b/%22%3Cb%3E%27%26%3F%23%25%3B%2B%D7%A9"
                    + "%E2%80%AE%F0%9F%8E%89%40x?copies=3 HTTP/1.1");
            assertThat(node.requests.getFirst().header("Content-Type")).isEmpty();
        }
    }
}
