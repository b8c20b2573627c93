package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The terminal client of the packaged jar, with a ring of three processes. */
class TerminalClientIT {

    private static final int MIB = 1024 * 1024;
    private static final int LARGE = 100 * MIB;
    private static final int COLUMNS = 40;
    /** 1,024 bytes, with no folder longer than a file system allows. */
    private static final String LONGEST = ("x".repeat(199) + "/").repeat(5) + "\uD83C\uDF89".repeat(6);

    @RegisterExtension
    static final ProcessRing ring = new ProcessRing();

    private static List<ProcessNode> nodes = List.of();

    @TempDir
    private Path directory;

    private Path here = Path.of("");
    private Path there = Path.of("");

    @BeforeAll
    static void startRing() {
        // a variable meant for the client must not stop a node from starting
        ProcessPlace place = ProcessPlace.loopback();
        ProcessPlace withVariable = new ProcessPlace(place.host(), place.port(),
                List.of("env", "CHORDSHARE_NODE=http://127.0.0.1:1"), List.of());
        nodes = ring.at(List.of(withVariable, ProcessPlace.loopback(), ProcessPlace.loopback()));
    }

    @BeforeEach
    void makeDirectories() throws IOException {
        here = Files.createDirectory(directory.resolve("here"));
        there = Files.createDirectory(directory.resolve("there"));
    }

    private static Path write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static Map<String, Integer> tree(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            Map<String, Integer> tree = new TreeMap<>();
            files.filter(Files::isRegularFile).forEach(file -> tree.put(root.relativize(file).toString(), hash(file)));
            return tree;
        }
    }

    private static int hash(Path file) {
        try {
            return Arrays.hashCode(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_folder_with_all_kinds_of_names_goes_in_at_one_node_and_comes_out_at_another() throws IOException {
        for (String name : new String[] {"plain.txt", "with \"quotes\" 'both'", "<script>alert(1)</script>.html",
                "\u05E9\u05DC\u05D5\u05DD.txt",
            "right\u202Etxt.exe", "\uD83C\uDF89\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67", "100%2F+;#?&=",
                    " blank ", "-o", "@plain.txt", "sub/deep/er.txt",
            "empty", LONGEST.substring("names/".length())}) {
            write(here.resolve("names").resolve(name), name.equals("empty") ? new byte[0]
                    : name.getBytes(StandardCharsets.UTF_8));
        }
        write(here.resolve("names/large"), random(9 * MIB));

        ClientProcess.run(here, nodes.get(0), "put", "names").assertExit(0);
        ClientProcess.run(there, nodes.get(1), "get", "names/").assertExit(0);

        assertThat(tree(there)).hasSize(14).isEqualTo(tree(here));
        ClientProcess listed = ClientProcess.run(here, nodes.get(2), "ls", "--names", "names/").assertExit(0);
        assertThat(listed.out().lines()).contains("names/sub/", "names/plain.txt", "names/right\\u{202E}txt.exe");
        // the client reports a name with a segment too long for any disk, and the network still has the file
        String tooLong = "\u00FC".repeat(500);
        ClientProcess.run(here, nodes.get(0), "put", "names/plain.txt", "--as=" + tooLong).assertExit(0);
        assertThat(ClientProcess.run(there, nodes.get(1), "get", tooLong).assertExit(1).err())
                .contains("File name too long");
        ClientProcess.run(there, nodes.get(1), "get", tooLong, "-o", "short").assertExit(0);
        assertThat(there.resolve("short")).hasContent("plain.txt");
    }

    @Test
    void a_name_that_cannot_be_one_is_refused_with_what_to_do() throws IOException {
        write(here.resolve("a"), new byte[1]);
        for (String name : new String[] {"", "../a", "a//b", "a\tb", "x".repeat(1025)}) {
            assertThat(ClientProcess.run(here, nodes.get(0), "put", "a", "--as=" + name).assertExit(1).err())
                    .as(name).startsWith("chordshare: ").doesNotContain("\t");
        }
    }

    @Test
    void pipes_go_in_and_out() throws IOException {
        byte[] bytes = random(6 * MIB);
        ClientProcess put = ClientProcess.start(here, nodes.get(0), "--json", "put", "-", "--as=piped");
        try (OutputStream in = put.process().getOutputStream()) {
            in.write(bytes);
        }
        assertThat(put.awaitEnd().assertExit(0).out()).contains("\"size\":" + bytes.length);
        Path script = directory.resolve("out.bin");
        ClientProcess.startBy(here, nodes.get(1), List.of("sh", "-c", "exec \"$@\" >" + script, "sh",
                ClientProcess.java().get(0), "-jar", ClientProcess.java().get(2), "get", "piped", "-o", "-")).type("")
                        .assertExit(0);
        assertThat(script).hasBinaryContent(bytes);
    }

    @Test
    void an_upload_that_is_killed_in_the_middle_stores_nothing() throws IOException {
        ClientProcess put = ClientProcess.start(here, nodes.get(0), "put", "-", "--as=killed/it");
        OutputStream in = put.process().getOutputStream();
        in.write(random(10 * MIB));
        in.flush();
        put.process().destroyForcibly();
        put.awaitEnd();

        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(500))
                .untilAsserted(() ->
                ClientProcess.run(here, nodes.get(1), "where", "killed/it").assertExit(4));
    }

    @Test
    void a_download_that_is_killed_in_the_middle_goes_on_at_another_node() throws IOException {
        write(here.resolve("large"), random(LARGE));
        ClientProcess.run(here, nodes.get(0), "put", "large", "--copies=2").assertExit(0);

        ClientProcess get = ClientProcess.start(there, nodes.get(0), "get", "large");
        await().atMost(Duration.ofSeconds(60)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
                .until(() -> sizeOfPart() > MIB);
        get.process().destroyForcibly();
        get.awaitEnd();
        assertThat(there.resolve("large")).doesNotExist();

        ClientProcess again = ClientProcess.run(there, nodes.get(1), "get", "large").assertExit(0);
        assertThat(again.out()).contains("resumed at ");
        assertThat(tree(there)).isEqualTo(tree(here));
        assertThat(ClientProcess.run(there, nodes.get(1), "get", "large").assertExit(0).out())
                .contains("is there already");
    }

    private long sizeOfPart() throws IOException {
        try (Stream<Path> files = Files.list(there)) {
            return files.filter(file -> file.toString().endsWith(".part")).mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void the_menu_joins_uploads_downloads_shows_and_leaves_over_a_pipe() throws IOException {
        write(here.resolve("from-menu"), random(1000));
        ProcessNode alone = ring.add(null);
        alone.start().awaitReady();

        String typed = String.join("\n", "1", nodes.getFirst().address().replace("http://", ""), "2", "from-menu",
                "menu/it", "3", "menu/it",
                "copy", "4", "5", "6", "7", "");
        ClientProcess menu = ClientProcess.start(here, alone, "menu").type(typed).assertExit(0);

        assertThat(menu.out()).contains("join network", "from-menu -> menu/it", "menu/it -> copy", "predecessor",
                "+2^", "has left");
        assertThat(here.resolve("copy")).hasSameBinaryContentAs(here.resolve("from-menu"));
        ClientProcess.run(there, nodes.get(1), "get", "menu/it").assertExit(0);
        assertThat(there.resolve("it")).hasSameBinaryContentAs(here.resolve("from-menu"));
        assertThat(ClientProcess.run(here, alone, "ring").assertExit(0).out()).startsWith("1 node, this one is ALONE");
        alone.terminate();
    }

    @Test
    void on_a_terminal_of_forty_columns_there_is_a_bar_that_fits() throws IOException {
        write(here.resolve("bar"), random(LARGE));
        String command = String.join(" ", ClientProcess.java("put", "bar", "--copies=1"));
        ClientProcess put = ClientProcess.startBy(here, nodes.get(0),
                List.of("script", "-qec", "stty cols " + COLUMNS + "; " + command,
                "/dev/null")).type("").assertExit(0);

        List<String> drawn = Stream.of(put.out().split("[\r\n]")).map(String::stripTrailing)
                .filter(line -> !line.isEmpty()).toList();
        assertThat(drawn).allMatch(line -> line.length() < COLUMNS)
                .anyMatch(line -> line.matches(" *[0-9]+% \\[[#-]+]  .*/s.*"))
                .last().asString().startsWith("bar -> bar");
        assertThat(ClientProcess.run(here, nodes.get(0), "put", "bar", "--copies=1").assertExit(0).out())
                .isEqualTo("bar -> bar  105 MB\n");
    }

    @Test
    void the_ring_is_shown_and_the_files_of_a_folder_are_deleted() throws IOException {
        write(here.resolve("away/a"), new byte[1]);
        write(here.resolve("away/b"), new byte[1]);
        assertThat(ClientProcess.run(here, nodes.get(0), "ring").assertExit(0).out())
                .startsWith("3 nodes, this one is MEMBER")
                .contains(nodes.get(0).address(), nodes.get(1).address(), nodes.get(2).address());
        ClientProcess.run(here, nodes.get(0), "put", "away").assertExit(0);
        ClientProcess.run(here, nodes.get(1), "rm", "--recursive", "away/").assertExit(2);
        ClientProcess.run(here, nodes.get(1), "rm", "--recursive", "--yes", "away/").assertExit(0);
        ClientProcess.run(here, nodes.get(2), "where", "away/a").assertExit(4);
        ClientProcess.run(here, nodes.get(2), "get", "away/").assertExit(4);
    }

    /** The start costs mostly class loading. This limit also holds on a busy machine. */
    @Test
    void neither_spring_nor_its_loader_is_started() {
        List<String> command = ClientProcess.java("ls");
        command.add(1, "-Xlog:class+load");
        ClientProcess listed = ClientProcess.startBy(here, nodes.get(0), command).type("").assertExit(0);

        List<String> loaded = listed.out().lines().filter(line -> line.contains(" source: ")).toList();
        assertThat(loaded).noneMatch(line -> line.contains("springframework") || line.contains("java.net.http"));
        assertThat(loaded).anyMatch(line -> line.contains("io.chordshare.cli.command.ListCommand"));
        assertThat(loaded.stream().filter(line -> !line.contains("shared objects file"))).hasSizeLessThan(450);
    }

    /** The layout of the image, and of the nodes in these tests. */
    @Test
    void the_unpacked_jar_is_a_client_too() {
        List<String> unpacked = new ArrayList<>(ProcessImage.command());
        unpacked.addAll(List.of("--node=" + nodes.get(0).address(), "ring"));
        assertThat(ClientProcess.startBy(here, nodes.get(1), unpacked).type("").assertExit(0).out())
                .startsWith("3 nodes");
    }
}
