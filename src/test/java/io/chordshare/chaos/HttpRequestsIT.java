package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Checks the requests of {@code http-requests/} with a ring of five processes. httpyac sends them; {@code .ci/run}
 * installs it. Without it, this test is skipped, or fails with {@code CHORDSHARE_REQUIRE_HTTPYAC=true}.
 */
class HttpRequestsIT {

    private static final Path REQUESTS = Path.of("http-requests");
    private static final Path HTTPYAC = Path.of("target", "httpyac", "node_modules", ".bin", "httpyac")
            .toAbsolutePath();
    private static final long SENT_WITHIN_SECONDS = 240;
    private static final int NODES = 5;
    private static final Pattern REQUEST = Pattern.compile("(?m)^(GET|HEAD|PUT|POST|DELETE|PATCH) ");
    private static final Pattern OUTCOME = Pattern.compile("(\\d+) requests processed \\((\\d+) succeeded\\)");

    @RegisterExtension
    final ProcessRing ring = new ProcessRing();

    @Test
    void every_request_of_the_manual_does_what_it_says_and_leaves_nothing_behind() throws Exception {
        sendAll(1);
    }

    @Test
    @LongRun
    void every_request_of_the_manual_does_what_it_says_twice_in_a_row() throws Exception {
        sendAll(2);
    }

    private void sendAll(int times) throws Exception {
        boolean required = Boolean.parseBoolean(System.getenv("CHORDSHARE_REQUIRE_HTTPYAC"));
        assumeTrue(required || Files.isExecutable(HTTPYAC), "httpyac is not installed: .ci/run does that");
        List<ProcessNode> nodes = ring.of(NODES);

        for (int i = 0; i < times; i++) {
            ProcessRing.awaitOrdered(nodes, Duration.ofMinutes(1));
            assertOutcome(send(nodes));
        }
        await("nothing is left behind").atMost(Duration.ofSeconds(30)).untilAsserted(() ->
                assertThat(nodes.getFirst().client.body("/files?prefix=http-requests/")).contains("\"files\":[]"));
    }

    private static void assertOutcome(String sent) throws IOException {
        Matcher outcome = OUTCOME.matcher(sent);
        assertThat(outcome.find()).as(sent).isTrue();
        assertThat(Integer.parseInt(outcome.group(2))).as(sent).isEqualTo(requests()).isGreaterThan(60);
    }

    /** A single request without assertion could pass unnoticed, so every request needs one. */
    @Test
    void every_request_has_an_assertion() throws IOException {
        for (Path file : files()) {
            List<String> parts = List.of(Files.readString(file).split("(?m)^###"));
            assertThat(parts.subList(1, parts.size())).as(file.toString()).isNotEmpty()
                    .allMatch(part -> REQUEST.matcher(part).find() && part.contains("client.assert("));
        }
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(REQUESTS)) {
            return all.filter(file -> file.toString().endsWith(".http")).sorted().toList();
        }
    }

    private static int requests() throws IOException {
        int count = 0;
        for (Path file : files()) {
            count += (int) REQUEST.matcher(Files.readString(file)).results().count();
        }
        return count;
    }

    private static String send(List<ProcessNode> nodes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(HTTPYAC.toString(), "send"));
        files().forEach(file -> command.add(file.toString()));
        command.addAll(List.of("--all", "--env", "local", "--no-color", "--output", "none", "--output-failed",
                "exchange", "--var"));
        for (int i = 0; i < nodes.size(); i++) {
            command.add("node" + (i + 1) + "=" + nodes.get(i).address());
        }
        command.add("seed=" + nodes.getFirst().address());
        Path log = Files.createTempFile("httpyac", ".log");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            boolean ended = process.waitFor(SENT_WITHIN_SECONDS, TimeUnit.SECONDS);
            String said = Files.readString(log);
            assertThat(ended).as(said).isTrue();
            return said;
        } finally {
            process.destroyForcibly();
            Files.delete(log);
        }
    }
}
