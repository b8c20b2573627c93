package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a node logs about input from strangers, as it reaches the console. */
@ExtendWith(OutputCaptureExtension.class)
class SafeLogTest {

    private static final String HOSTILE = "a\nINFO forged\u001b[2J\u009b\u2028\u202e";
    private static final String SAFE = "a\\nINFO forged\\u001b[2J\\u009b\\u2028\\u202e";

    @Test
    void no_control_character_reaches_the_log_of_a_node(@TempDir Path directory, CapturedOutput output) {
        try (LocalNode node = new LocalNode(directory).start()) {
            node.api().get("/ring").assertStatus(200);
            LoggerFactory.getLogger("io.chordshare.test").error("stored {}", HOSTILE,
                    new IllegalStateException(HOSTILE));
        }
        assertThat(output.getAll()).contains("stored " + SAFE).contains("IllegalStateException: " + SAFE)
                .doesNotContain("\nINFO forged", "\u001b[2J", "\u009b", "\u2028", "\u202e");
    }
}
