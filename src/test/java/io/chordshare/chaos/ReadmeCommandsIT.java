package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.chaos.ShellBlocks.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Every command of the README works, as it stands there and in that order: with its own ports and the addresses of its
 * two machines, in a network that nobody else is in. A command that is not run here is named here, with what runs it.
 */
class ReadmeCommandsIT {

    private static final String JAVA = ProcessHandle.current().info().command().orElseThrow();
    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final long ENDS_WITHIN_SECONDS = 180;
    private static final int NODES = 5;

    /** By their exact text: a new command of the README is run, or has to be put here by somebody who thought of it. */
    private static final Map<String, String> RUN_ELSEWHERE = Map.of(
            "mvn -DskipTests package", "this build: the jar that this test starts is its outcome",
            "mvn verify", "this build",
            "mvn clean", "Maven's own",
            "docker compose up", "ContainerRingIT: the image of the Dockerfile, five nodes",
            "chordshare --help", "CommandsTest, NodeHelpTest",
            "kill -9", "ProcessKillIT",
            "apt-get install chromium", ".ci/run");

    /** What a command must print at least, besides ending with 0; curl fails with a status of 400 or more. */
    private static final Map<String, List<String>> PRINTS = Map.of(
            "curl localhost:8084/files/README.md", List.of("# Chordshare\n"),
            "curl localhost:8082/locations/README.md", List.of("\"name\":\"README.md\"", "\"holders\":[{"),
            "curl localhost:8083/ring/nodes",
            List.of("http://127.0.0.1:8081", "http://127.0.0.1:8082", "http://127.0.0.1:8083", "http://127.0.0.1:8084",
                    "http://127.0.0.1:8085"),
            "chordshare put docs", List.of("docs/cli.md -> docs/cli.md"),
            "chordshare --node=localhost:8082 ls -r docs/", List.of("docs/cli.md", "docs/images/ring.svg"),
            "chordshare ring", List.of(NODES + " nodes, this one is MEMBER"),
            "chordshare menu", List.of("join network"),
            "curl -X POST '192.168.1.8:8081/ring/leave?wait=60s'", List.of("\"status\":\"ALONE\""),
            "curl -H 'Content-Type: application/json' -d '{\"address\":\"http://192.168.1.7:8081\"}'"
                    + " 192.168.1.8:8081/ring/join",
            List.of("\"status\":\"MEMBER\""));

    private static final Pattern LOCAL_RING = Pattern.compile("<id>default-cli</id>\\s*<configuration>\\s*"
            + "<mainClass>(?<main>[^<]+)</mainClass>\\s*<jvmArguments>(?<options>[^<]+)</jvmArguments>");
    /** For a quick start, and a slower run from there on. */
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private final Path directory = Path.of("target", "readme-commands").toAbsolutePath();

    static boolean hasNamespacesOrNeedsThem() {
        return Boolean.parseBoolean(System.getenv("CHORDSHARE_REQUIRE_NAMESPACES"))
                || isPossible(alone(List.of("ip", "link", "set", "lo", "up")));
    }

    private static boolean isPossible(List<String> command) {
        try {
            return SmallDisk.run(command) == 0;
        } catch (UncheckedIOException noSuchProgram) {
            return false;
        }
    }

    /** In a network and with processes of its own: when the first of them ends, the kernel ends all others. */
    private static List<String> alone(List<String> command) {
        return Stream.concat(Stream.of("unshare", "--map-root-user", "--net", "--pid", "--fork", "--kill-child",
                "--mount-proc"), command.stream()).toList();
    }

    private static ShellBlocks readme() throws IOException {
        return new ShellBlocks(Files.readString(ROOT.resolve("README.md")));
    }

    @AfterEach
    void forgetFiles() {
        ProcessImage.deleteTree(directory);
    }

    @Test
    void no_command_slips_through_and_none_is_named_that_is_not_there() throws IOException {
        ShellBlocks readme = readme();
        assertThat(readme.languages()).isNotEmpty().containsOnly("sh");
        Set<String> inBlocks = readme.commands().stream().map(Command::text).collect(Collectors.toSet());
        Set<String> all = new HashSet<>(inBlocks);
        all.addAll(readme.inSentences());
        assertThat(all).containsAll(RUN_ELSEWHERE.keySet());
        assertThat(inBlocks).containsAll(PRINTS.keySet());
        assertThat(readme.inSentences()).allMatch(command -> RUN_ELSEWHERE.containsKey(command)
                || inBlocks.contains(command));
    }

    @Test
    @EnabledIf(
            value = "hasNamespacesOrNeedsThem",
            disabledReason = "needs namespaces and ip (CHORDSHARE_REQUIRE_NAMESPACES=true makes it fail instead)")
    void every_command_works_as_it_stands() throws IOException, InterruptedException {
        List<Command> commands = readme().commands().stream()
                .filter(command -> !RUN_ELSEWHERE.containsKey(command.text())).toList();
        ProcessImage.deleteTree(directory);
        Files.createDirectories(directory);
        Path script = Files.writeString(directory.resolve("readme.sh"), script(commands));

        Process process = new ProcessBuilder(alone(List.of("bash", script.toString())))
                .directory(directory.toFile()).redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(directory.resolve("script.out").toFile()).start();
        boolean ended = process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();

        for (int i = 0; i < commands.size(); i++) {
            String text = commands.get(i).text();
            assertThat(directory.resolve(i + ".out")).as("%s: what it printed", text).exists();
            String out = Files.readString(directory.resolve(i + ".out"));
            assertThat(directory.resolve(i + ".done")).as("%s: works. It printed%n%s", text, out).exists();
            assertThat(PRINTS.getOrDefault(text, List.of())).as("%s%n%s", text, out).allMatch(out::contains);
        }
        assertThat(ended).isTrue();
        assertThat(process.exitValue()).as(Files.readString(directory.resolve("script.out"))).isZero();
    }

    private String script(List<Command> commands) throws IOException {
        StringBuilder script = new StringBuilder("""
                set -euo pipefail
                shopt -s expand_aliases
                ip link set lo up
                curl() { command curl --fail-with-body -sS --max-time 90 "$@"; }
                PATH=%s:$PATH
                mvn() { [ "$*" = spring-boot:run ]; %s; }
                answers() {
                  until command curl -sf -o "$1" "$2"; do kill -0 $node; sleep 0.1; done
                }
                shows() {
                  until command curl -sf "$2" | tee "$1" | grep -qF "$3"; do kill -0 $node; sleep 0.1; done
                }
                """.formatted(Path.of(JAVA).getParent(), springBootRun()));
        for (String machine : commands.stream().map(Command::machine).distinct().toList()) {
            Path home = Files.createDirectories(directory.resolve("machine" + machine));
            Files.createDirectory(home.resolve("target"));
            Path jar = Path.of(System.getProperty("chordshare.jar", "target/chordshare.jar")).toAbsolutePath();
            for (String place : List.of("chordshare.jar", "target/chordshare.jar")) {
                Files.createLink(home.resolve(place), jar);
            }
            script.append("cp -r '%1$s/README.md' '%1$s/docs' '%2$s'%n".formatted(ROOT, home));
            if (!machine.isEmpty()) {
                script.append("ip addr add ").append(machine).append("/32 dev lo\n");
            }
        }
        for (int i = 0; i < commands.size(); i++) {
            script.append(step(commands.get(i), directory.resolve(i + ".out"), directory.resolve(i + ".done")));
        }
        return script.toString();
    }

    private String step(Command command, Path out, Path done) {
        String run = command.text() + "\n";
        if (command.startsNode()) {
            // nobody types quicker than the last node of five is known to all
            String ready = command.text().startsWith("mvn")
                    ? "shows '" + out + ".ready' localhost:8083/ring/nodes http://127.0.0.1:8085\n"
                    : "answers '" + out + ".ready' " + addressOf(command) + "/actuator/health/readiness\n";
            run = "{ export JAVA_TOOL_OPTIONS='" + QUICK_START + "'; " + run + "} & node=$!\n" + ready;
        }
        return "cd '" + directory.resolve("machine" + command.machine()) + "'\nexec >'" + out + "' 2>&1\n" + run
                + "touch '" + done + "'\n";
    }

    private static String addressOf(Command node) {
        return "http://" + setting(node, "server.address", "127.0.0.1") + ":" + setting(node, "server.port", "8081");
    }

    private static String setting(Command node, String name, String usual) {
        return Arrays.stream(node.text().split(" ")).filter(word -> word.startsWith("--" + name + "="))
                .map(word -> word.substring(name.length() + 3)).findAny().orElse(usual);
    }

    /** What {@code mvn spring-boot:run} starts according to the pom. Maven itself would need a network. */
    private static String springBootRun() throws IOException {
        Matcher configured = LOCAL_RING.matcher(Files.readString(ROOT.resolve("pom.xml")));
        assertThat(configured.find()).as("the pom says what spring-boot:run starts").isTrue();
        return String.join(" ", "java", configured.group("options"), "-cp",
                "'" + System.getProperty("java.class.path") + "'", configured.group("main"));
    }
}
