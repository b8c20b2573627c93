package io.chordshare.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory of screenshots: {@code target/screenshots}, or the one that {@code -Dchordshare.screenshots} names. */
final class Screenshots {

    private Screenshots() {}

    static Path folder() {
        try {
            return Files.createDirectories(Path.of(System.getProperty("chordshare.screenshots", "target/screenshots")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
