package io.chordshare.connections;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionLimitTest {

    private static final long MANY_FILES = 1_000_000;
    private static final long LARGE_HEAP_MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({"96, 384", "256, 1024", "1024, 4096", "4096, 8192", "2, 32"})
    void a_quarter_of_the_heap_is_enough_for_all_connections(long heapMib, int limit) {
        assertThat(ConnectionLimit.of(heapMib << 20, MANY_FILES)).isEqualTo(limit);
    }

    @ParameterizedTest
    @CsvSource({"1024, 224", "4096, 992", "100, 32", "9223372036854775807, 8192"})
    void open_files_do_not_run_out(long openFiles, int limit) {
        assertThat(ConnectionLimit.of(LARGE_HEAP_MIB << 20, openFiles)).isEqualTo(limit);
    }
}
