package io.chordshare.storage.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.storage.NodeStore;
import io.chordshare.storage.Samples;
import io.chordshare.storage.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Compares ranges and digests with a model: a ring of 16 positions. */
class RingRangeTest {

    private static final int POSITIONS = 16;

    private static Path directory;
    private static NodeStore one;
    private static NodeStore two;

    @BeforeContainer
    static void open() throws IOException {
        directory = Files.createTempDirectory("ring-range");
        one = NodeStore.open(directory.resolve("one"), Samples.NO_RESERVE);
        two = NodeStore.open(directory.resolve("two"), Samples.NO_RESERVE);
    }

    @AfterContainer
    static void close() throws IOException {
        one.close();
        two.close();
        DurableFiles.deleteTree(directory);
    }

    /** Sorted by key. A file's position follows from its name. */
    private static final List<String> NAMES = IntStream.range(0, POSITIONS).mapToObj(number -> "f" + number)
            .sorted(Comparator.comparing(Samples::key)).toList();

    private static String key(int position) {
        return Samples.key(NAMES.get(position));
    }

    private static FileRecord at(int position, long counter) {
        return Samples.record(NAMES.get(position), counter, 0, Content.none());
    }

    /** The positions in (from, to], clockwise; all positions if both are equal. */
    private static List<Integer> walk(int from, int to) {
        List<Integer> walked = new ArrayList<>();
        int position = from;
        do {
            position = (position + 1) % POSITIONS;
            walked.add(position);
        } while (position != to);
        return walked;
    }

    @Property(tries = 60)
    void a_range_lists_the_keys_in_clockwise_order(
            @ForAll @Size(min = 1, max = 10) Set<@IntRange(max = POSITIONS - 1) Integer> positions,
            @ForAll @IntRange(max = POSITIONS - 1) int from, @ForAll @IntRange(max = POSITIONS - 1) int to,
            @ForAll @IntRange(min = 1, max = 5) int limit) {
        one.setAside(true);
        one.deleteSetAside();
        positions.forEach(position -> one.records().put(at(position, 1), false));
        List<String> expected = walk(from, to).stream().filter(positions::contains).map(RingRangeTest::key).toList();

        List<String> walked = new ArrayList<>();
        String after = null;
        while (true) {
            List<RecordState> page = one.records().range(key(from), key(to), after, limit);
            if (page.isEmpty()) {
                break;
            }
            assertThat(page).hasSizeLessThanOrEqualTo(limit);
            walked.addAll(Samples.keys(page));
            assertThat(walked).hasSizeLessThanOrEqualTo(expected.size());
            after = walked.getLast();
        }
        assertThat(walked).isEqualTo(expected);
        assertThat(Samples.keys(one.records().range(key(from), key(to), null, 100))).isEqualTo(expected);
    }

    @Property(tries = 60)
    void digests_are_equal_exactly_when_the_range_holds_the_same_versions(
            @ForAll @Size(max = 6) List<@IntRange(max = POSITIONS - 1) Integer> here,
            @ForAll @Size(max = 6) List<@IntRange(max = POSITIONS - 1) Integer> there,
            @ForAll @IntRange(max = POSITIONS - 1) int from, @ForAll @IntRange(max = POSITIONS - 1) int to) {
        for (NodeStore store : List.of(one, two)) {
            store.setAside(true);
            store.deleteSetAside();
            assertThat(store.records().digest(key(from), key(to))).isEqualTo("0-0000000000000000");
        }
        put(one, here);
        put(two, there);

        boolean same = versions(here, walk(from, to)).equals(versions(there, walk(from, to)));
        assertThat(one.records().digest(key(from), key(to)).equals(two.records().digest(key(from), key(to))))
                .isEqualTo(same);
    }

    /** A position that occurs again gets a newer version each time. */
    private static void put(NodeStore store, List<Integer> positions) {
        for (int i = 0; i < positions.size(); i++) {
            store.records().put(at(positions.get(i), version(positions.subList(0, i + 1), positions.get(i))), false);
        }
    }

    private static int version(List<Integer> positions, int position) {
        return (int) positions.stream().filter(other -> other == position).count();
    }

    private static Set<String> versions(List<Integer> positions, List<Integer> range) {
        Set<String> versions = new HashSet<>();
        positions.stream().filter(range::contains)
                .forEach(position -> versions.add(position + "@" + version(positions, position)));
        return versions;
    }
}
