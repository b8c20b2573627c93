package io.chordshare.simulation.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The disk of one machine: a directory, which outlives its processes. */
final class Machine {

    private static final long PLENTY = 1L << 40;
    /** What is read of a block is checked by its first frame on. */
    private static final int SHORTEST = 64;

    final Path directory;
    /** The process that has the directory open. */
    @Nullable FileNode node;
    private long free = PLENTY;

    Machine(Path directory) {
        this.directory = directory;
    }

    long freeBytes() {
        return free;
    }

    void fill() {
        free = 0;
    }

    void makeRoom() {
        free = PLENTY;
    }

    /** Flips a bit in the middle of a block that is stored here. @return whether there is one */
    boolean flipABit(Random random) {
        List<Path> blocks = blocks();
        if (blocks.isEmpty()) {
            return false;
        }
        Path block = blocks.get(random.nextInt(blocks.size()));
        try {
            byte[] bytes = Files.readAllBytes(block);
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            Files.write(block, bytes);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files of blocks, in order of their names: the file system's order is its own. */
    private List<Path> blocks() {
        Path blocks = directory.resolve("data").resolve("blocks");
        try (Stream<Path> files = Files.walk(blocks)) {
            return files.filter(file -> Files.isRegularFile(file) && size(file) >= SHORTEST)
                    .sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<FileNode> node() {
        return Optional.ofNullable(node);
    }
}
