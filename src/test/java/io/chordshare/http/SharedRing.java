package io.chordshare.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.springframework.util.FileSystemUtils;

/** Gives tests that do not change the ring a ring of three nodes, started once for all of them. */
final class SharedRing implements ParameterResolver {

    /** Kept so that all tests fail immediately, instead of each one waiting again. */
    private record Outcome(@Nullable Started started, @Nullable Throwable failure) implements AutoCloseable {

        static Outcome now() {
            try {
                return new Outcome(Started.now(), null);
            } catch (RuntimeException | Error e) {
                return new Outcome(null, e);
            }
        }

        LocalNodes nodes() {
            if (started == null) {
                throw new IllegalStateException("the shared ring did not start", failure);
            }
            return started.nodes();
        }

        @Override
        public void close() throws IOException {
            if (started != null) {
                started.close();
            }
        }
    }

    private record Started(Path directory, LocalNodes nodes) implements AutoCloseable {

        static Started now() {
            try {
                Path directory = Files.createTempDirectory("chordshare-http");
                return new Started(directory, LocalNodes.start(directory, 3));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            nodes.close();
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LocalNodes.class;
    }

    @Override
    public LocalNodes resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(Namespace.create(SharedRing.class))
                .computeIfAbsent(Outcome.class, key -> Outcome.now(), Outcome.class).nodes();
    }
}
