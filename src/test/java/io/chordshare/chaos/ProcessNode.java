package io.chordshare.chaos;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** One node as a process of its own: start, kill, pause and restart. */
final class ProcessNode {

    /** A test's nodes share two cores: a join changes every slot several times. The usual number is 4,096. */
    private static final int SLOTS = Integer.getInteger("chordshare.test.slots", 512);

    /**
     * Twelve JVMs may start at once on two busy cores. Alone each takes two seconds, but more than three minutes were
     * observed.
     */
    static final Duration STARTS_WITHIN = Duration.ofMinutes(6);

    private static final Duration STOPS_WITHIN = Duration.ofSeconds(60);
    private static final int TAIL_BYTES = 6_000;

    /** Held for reading by users of the node, and for writing while a test changes it. */
    final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    final String name;
    final RingClient client;

    private final ProcessPlace place;
    private final Path data;
    private final Path log;
    private final List<String> settings;
    private @Nullable Process process;

    ProcessNode(String name, ProcessPlace place, Path data, Path log, @Nullable ProcessNode seed,
            List<String> settings) {
        this.name = name;
        this.place = place;
        this.data = data;
        this.log = log;
        this.settings = new ArrayList<>(place.settings());
        this.settings.addAll(settings);
        if (seed != null) {
            this.settings.add("--chordshare.node.seeds=" + seed.address());
        }
        this.client = new RingClient(name, address());
    }

    /** A node with the same disk at another place, with only these seeds. */
    ProcessNode movedTo(ProcessPlace there, List<String> seeds) {
        return new ProcessNode(name, there, data, log, null,
                List.of("--chordshare.node.seeds=" + String.join(",", seeds)));
    }

    String address() {
        return place.address();
    }

    /** The data directory. */
    Path data() {
        return data;
    }

    /** Starts the process on its earlier directory and port, and does not wait. */
    ProcessNode start() {
        if (isRunning()) {
            throw new IllegalStateException(name + " runs already");
        }
        List<String> command = new ArrayList<>(place.enter());
        command.addAll(ProcessImage.command());
        command.add("--server.port=" + place.port());
        command.add("--chordshare.node.data-dir=" + data);
        command.add("--chordshare.ring.slots=" + SLOTS);
        command.addAll(settings);
        try {
            Files.createDirectories(log.getParent());
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Waits until it answers at all. It may still be joining. */
    void awaitListening() {
        await(name + " listens").atMost(STARTS_WITHIN).pollInterval(Duration.ofMillis(100)).until(() -> {
            if (!isRunning()) {
                throw new IllegalStateException(name + " ended by itself:\n" + tail());
            }
            return client.tryRing().isPresent();
        });
    }

    /** Waits until it reports that it is a member that can serve. */
    void awaitReady() {
        awaitListening();
        await(name + " is ready").atMost(STARTS_WITHIN).pollInterval(Duration.ofMillis(100)).until(client::isReady);
    }

    /** SIGKILL: as a power loss, except that the system still writes what it holds. */
    void kill() {
        killWithoutWaiting();
        awaitEnd();
    }

    void killWithoutWaiting() {
        running().destroyForcibly();
    }

    /** SIGTERM, then waits for the end. */
    void terminate() {
        terminateWithoutWaiting();
        awaitEnd();
    }

    void terminateWithoutWaiting() {
        running().destroy();
    }

    void awaitEnd() {
        try {
            if (!running().waitFor(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException(name + " does not end within " + STOPS_WITHIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGSTOP: it keeps its connections, and answers nothing. */
    void pause() {
        signal("STOP");
    }

    /** SIGCONT. */
    void carryOn() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            Process sent = new ProcessBuilder("/bin/kill", "-" + signal, Long.toString(running().pid())).start();
            if (sent.waitFor() != 0) {
                throw new IllegalStateException("kill -" + signal + " " + name + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The output of the JDK's {@code jcmd} for its JVM. */
    String jcmd(String command) {
        try {
            Process asked = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                    Long.toString(pid()), command).redirectErrorStream(true).start();
            String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (asked.waitFor() != 0) {
                throw new IllegalStateException("jcmd " + name + " " + command + " failed: " + answer);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    long pid() {
        return running().pid();
    }

    /** Its log, of this run and all before. */
    Path log() {
        return log;
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process;
    }

    /** Ends it in any state. SIGKILL ends a paused process too. */
    void destroy() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    void awaitEndQuietly() {
        if (process != null) {
            process.onExit().orTimeout(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS).join();
        }
    }

    /** The end of its log. */
    String tail() {
        try {
            byte[] all = Files.exists(log) ? Files.readAllBytes(log) : new byte[0];
            int from = Math.max(0, all.length - TAIL_BYTES);
            return "---- " + name + " at " + address() + (isRunning() ? "" : " (not running)") + ", " + log + "\n"
                    + new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return log + " cannot be read: " + e;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
