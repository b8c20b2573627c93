package io.chordshare.storage.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chordshare.storage.error.StoreNotOpenedException;
import io.chordshare.storage.recovery.StoreSweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQLite's native library is loaded, wherever programs may run from. */
class NativeLibraryTest {

    @TempDir
    private Path root;
    private Layout layout;
    private Path elsewhere;
    private final List<Path> loaded = new ArrayList<>();

    @BeforeEach
    void create() throws IOException {
        layout = new Layout(root.resolve("node"));
        elsewhere = Files.createDirectories(root.resolve("elsewhere"));
        StoreSweep.createDirectories(layout);
    }

    private void load() {
        NativeLibrary.load(layout, elsewhere, loaded::add);
    }

    /** Fails like a file system that is mounted noexec. */
    private void loadUnlessIn(Path... forbidden) {
        NativeLibrary.load(layout, elsewhere, file -> {
            if (Stream.of(forbidden).anyMatch(file::startsWith)) {
                throw new UnsatisfiedLinkError(file + ": failed to map segment from shared object");
            }
            assertThat(file).isNotEmptyFile();
            loaded.add(file);
        });
    }

    private static List<Path> in(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.toList();
        }
    }

    @Test
    void it_is_unpacked_once_and_the_temporary_directory_is_not_touched() throws IOException {
        load();
        Path file = loaded.getFirst();
        FileTime longAgo = FileTime.fromMillis(0);
        Files.setLastModifiedTime(file, longAgo);

        load();

        assertThat(loaded).containsExactly(file, file);
        assertThat(in(layout.libraries())).containsExactly(file);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(longAgo);
        assertThat(in(elsewhere)).isEmpty();
        assertThat(in(layout.temporary())).isEmpty();
    }

    @Test
    void a_damaged_library_is_replaced_and_one_of_another_version_is_deleted() throws IOException {
        load();
        byte[] whole = Files.readAllBytes(loaded.getFirst());
        Files.write(loaded.getFirst(), new byte[] {1});
        Files.write(layout.libraries().resolve("older.so"), new byte[] {1});

        load();

        assertThat(in(layout.libraries())).containsExactly(loaded.getFirst());
        assertThat(loaded.getFirst()).hasBinaryContent(whole);
    }

    @Test
    void if_the_data_directory_is_noexec_the_temporary_directory_is_used_and_stays_empty()
            throws IOException {
        loadUnlessIn(layout.root());

        assertThat(loaded.getFirst()).startsWithRaw(elsewhere);
        assertThat(in(elsewhere)).isEmpty();
    }

    @Test
    void if_every_directory_is_noexec_the_error_says_what_to_do() throws IOException {
        assertThatThrownBy(() -> loadUnlessIn(layout.root(), elsewhere))
                .isInstanceOfSatisfying(StoreNotOpenedException.class, refused -> {
                    assertThat(refused).hasMessageContaining(layout.libraries().toString())
                            .hasMessageContaining(elsewhere.toString()).hasMessageContaining("failed to map segment");
                    assertThat(refused.action()).contains("noexec", "-Djava.io.tmpdir=DIRECTORY");
                });

        assertThat(in(elsewhere)).isEmpty();
    }
}
