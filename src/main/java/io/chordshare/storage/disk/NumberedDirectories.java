package io.chordshare.storage.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories with the names 1, 2 and so on: each one is kept beside the earlier ones. */
public final class NumberedDirectories {

    private NumberedDirectories() {}

    public static List<Path> in(Path parent) throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            return all.filter(path -> path.getFileName().toString().matches("\\d{1,18}"))
                    .sorted(Comparator.comparingLong(NumberedDirectories::number)).toList();
        }
    }

    /** The path of the next directory. */
    public static Path next(Path parent) throws IOException {
        List<Path> taken = in(parent);
        return parent.resolve(Long.toString(taken.isEmpty() ? 1 : number(taken.getLast()) + 1));
    }

    private static long number(Path path) {
        return Long.parseLong(path.getFileName().toString());
    }
}
