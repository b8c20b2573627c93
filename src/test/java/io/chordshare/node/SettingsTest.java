package io.chordshare.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.problem.StartRefusedException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

/** A setting that would fail later is refused at the start. The message contains its name and what to do. */
class SettingsTest {

    private static final long MEGABYTE = 1024 * 1024;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "node.seeds             | no-scheme:8081     | http://127.0.0.1:8081",
        "node.seeds             | http://a:8081/path | http://127.0.0.1:8081",
        "node.advertised-address| http://a:99999     | http://127.0.0.1:8081",
        "ring.successors        | 0                  | from 1 to 32",
        "ring.successors        | 1000               | from 1 to 32",
        "ring.stabilize-every   | 1                  | A number without a unit is milliseconds",
        "ring.fix-fingers-every | 0s                 | from 50ms to 1m",
        "ring.ping-every        | -1s                | from 50ms to 1m",
        "ring.ping-every        | 1h                 | from 50ms to 1m",
        "files.copies           | some               | all",
        "files.copies           | 0                  | all",
        "files.owner-set        | 0                  | from 1 to 9",
        "files.owner-set        | 10                 | from 1 to 9",
        "files.repair-after     | -10s               | from 0s to 365d",
        "files.keep-replaced    | 400d               | from 0s to 365d",
        "files.sync-every       | 0                  | from 50ms to 1m",
        "files.reserve          | -1MB               | 64MB",
        "files.buffer-budget    | 1MB                | at least 5MB",
        "files.buffer-budget    | 4MB                | at least 5MB",
        "files.buffer-budget    | 0                  | at least 5MB",
        "files.buffer-budget    | 3GB                | -Xmx",
        "files.buffer-budget    | 9000000GB          | -Xmx"})
    void a_setting_that_would_fail_later_is_refused_with_what_to_do(String name, String value, String action) {
        String setting = "chordshare." + name;

        assertThatThrownBy(() -> bind(setting, value))
                .isInstanceOfSatisfying(StartRefusedException.class, refused -> {
                    assertThat(refused).hasMessageContaining(setting + "=");
                    assertThat(refused.action()).contains(action);
                });
    }

    private static void bind(String name, String value) {
        Binder binder = new Binder(new MapConfigurationPropertySource(Map.of(name, value)));
        try {
            binder.bindOrCreate("chordshare.node", NodeProperties.class);
            binder.bindOrCreate("chordshare.ring", RingProperties.class);
            binder.bindOrCreate("chordshare.files", FilesProperties.class);
        } catch (RuntimeException e) {
            throw refusal(e);
        }
    }

    /** Unwraps the exceptions that binding adds. */
    private static RuntimeException refusal(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartRefusedException refused) {
                return refused;
            }
        }
        return failure;
    }

    @ParameterizedTest
    @CsvSource({"ring.stabilize-every, 300ms", "ring.successors, 1", "files.repair-after, 0s", "files.reserve, 0",
        "files.keep-replaced, 0s", "files.owner-set, 1", "files.copies, 3", "files.copies, all",
        "files.buffer-budget, 5MB"})
    void what_can_work_is_taken(String name, String value) {
        assertThatCode(() -> bind("chordshare." + name, value)).doesNotThrowAnyException();
    }

    @Test
    void seeds_have_one_spelling_and_blank_ones_do_not_count() {
        Binder binder = new Binder(new MapConfigurationPropertySource(Map.of("chordshare.node.seeds",
                "HTTP://Node1:8081/, ,http://node2")));

        assertThat(binder.bindOrCreate("chordshare.node", NodeProperties.class).seeds())
                .containsExactly("http://node1:8081", "http://node2:80");
    }

    @Test
    void buffers_never_take_more_than_half_of_the_heap() {
        assertThatCode(() -> FilesProperties.requireBuffers(DataSize.ofMegabytes(16), 32 * MEGABYTE))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> FilesProperties.requireBuffers(DataSize.ofMegabytes(16), 31 * MEGABYTE))
                .isInstanceOf(StartRefusedException.class).hasMessageContaining("31 MB of heap");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0})
    void a_node_that_nobody_could_call_is_refused(int port) {
        assertThatThrownBy(() -> AdvertisedAddress.of(null, InetAddress.getLoopbackAddress(), port, List.of()))
                .isInstanceOf(StartRefusedException.class).hasMessageContaining("server.port=" + port);
    }

    @Test
    void an_address_that_others_cannot_reach_is_refused_where_a_seed_is_elsewhere() {
        assertThatThrownBy(() -> AdvertisedAddress.of(null, InetAddress.getLoopbackAddress(), 8081,
                List.of("http://10.0.0.7:8081")))
                .isInstanceOfSatisfying(StartRefusedException.class, refused ->
                        assertThat(refused.action()).contains("chordshare.node.advertised-address"));
    }
}
