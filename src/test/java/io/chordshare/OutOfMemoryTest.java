package io.chordshare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Runs in a separate process, which exits. */
class OutOfMemoryTest {

    private static final int ENDS_WITHIN_SECONDS = 120;

    @ParameterizedTest
    @CsvSource({"platform, 3", "virtual, 3", "wrapped, 3", "caught, 3", "other, 0"})
    void a_process_exits_when_a_thread_runs_out_of_memory(String thread, int exitCode) throws Exception {
        Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-Xmx16m", "-cp",
                System.getProperty("java.class.path"), Victim.class.getName(), thread)
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try {
            assertThat(process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(exitCode);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Exits with 0 unless something ends the process before. */
    static final class Victim {

        private Victim() {}

        public static void main(String[] args) throws InterruptedException {
            OutOfMemory.endsTheProcess();
            OutOfMemory.watchesTheLog();
            Thread thread = switch (args[0]) {
                case "platform" -> Thread.ofPlatform().start(() -> System.out.println(new long[1 << 26].length));
                case "virtual" -> Thread.ofVirtual().start(() -> System.out.println(new long[1 << 26].length));
                case "caught" -> Thread.ofVirtual().start(Victim::caught);
                case "wrapped" -> Thread.ofVirtual().start(Victim::wrapped);
                default -> Thread.ofVirtual().start(() -> {
                    throw new IllegalStateException("for the test");
                });
            };
            thread.join();
        }

        private static void caught() {
            try {
                System.out.println(new long[1 << 26].length);
            } catch (OutOfMemoryError e) {
                LoggerFactory.getLogger(Victim.class).error("{} failed", "the work", e);
            }
        }

        private static void wrapped() {
            try {
                System.out.println(new long[1 << 26].length);
            } catch (OutOfMemoryError e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
