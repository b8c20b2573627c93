package io.chordshare.node;

import io.chordshare.problem.StartRefusedException;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.error.StoreNotOpenedException;
import java.net.BindException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.util.unit.DataSize;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Explains why a node does not start and what to do, instead of printing a stack. Listed in
 * {@code META-INF/spring.factories}. Leaves to Spring Boot what it explains well itself, such as a port in use.
 */
final class StartFailureAnalyzer implements FailureAnalyzer, Ordered {

    /** Bounds the walk along causes, because a chain of causes can be circular. */
    private static final int MAX_CAUSES = 50;
    private static final String OURS = "chordshare.";

    /** Before the analyzers of Spring Boot, which would explain where a setting is bound and not what is wrong. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        // the causes are nested: the inner reason comes first, so the order of these checks matters
        if (find(failure, StartRefusedException.class) instanceof StartRefusedException refused) {
            return new FailureAnalysis(refused.getMessage(), refused.action(), refused);
        }
        if (find(failure, StoreNotOpenedException.class) instanceof StoreNotOpenedException notOpened) {
            return new FailureAnalysis(notOpened.getMessage(), notOpened.action(), notOpened);
        }
        if (find(failure, StorageException.class) instanceof StorageException storage) {
            return new FailureAnalysis(storage.getMessage(), "Look at the data directory (chordshare.node.data-dir),"
                    + " its disk and its permissions.", storage);
        }
        if (find(failure, YAMLException.class) instanceof YAMLException yaml) {
            return new FailureAnalysis("A configuration file is no valid YAML: " + yaml.getMessage(),
                    "Correct the file at the place that is named.", yaml);
        }
        if (find(failure, BindException.class) instanceof BindException cannotListen
                && find(failure, PortInUseException.class) == null) {
            return new FailureAnalysis("The node cannot listen at its address and port: " + cannotListen.getMessage()
                    + ".",
                    "Set server.address to an address of this machine, and server.port to a port that this user may "
                    + "open"
                            + " (1024 or higher).", cannotListen);
        }
        return wrongType(failure);
    }

    /** A setting of ours that cannot be converted to its type. */
    private static @Nullable FailureAnalysis wrongType(Throwable failure) {
        org.springframework.boot.context.properties.bind.BindException outside =
                find(failure, org.springframework.boot.context.properties.bind.BindException.class);
        if (outside == null || !outside.getName().toString().startsWith(OURS)) {
            return null;
        }
        ConfigurationProperty property = outside.getProperty();
        Class<?> type = outside.getTarget().getType().resolve(Object.class);
        String value = property == null ? "" : "=" + property.getValue();
        String origin = property == null || property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")";
        return new FailureAnalysis(outside.getName() + value + " cannot be read" + origin + ".",
                "Set it to " + example(type) + ".", outside);
    }

    private static String example(Class<?> type) {
        if (type == Duration.class) {
            return "a time, for example 10s or 15m";
        }
        if (type == DataSize.class) {
            return "a size, for example 64MB";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        return type == int.class ? "a whole number" : "a value of the kind that docs/operating.md describes";
    }

    private static <T> @Nullable T find(Throwable failure, Class<T> type) {
        Throwable cause = failure;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }
}
