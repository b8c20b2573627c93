package io.chordshare.logging;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An exception for the log. Its messages are {@link SafeText}, so each line of the output is a line of its stack. */
record SafeThrowable(IThrowableProxy thrown) implements IThrowableProxy {

    private static @Nullable String safe(@Nullable String text) {
        return text == null ? null : SafeText.of(text);
    }

    @Override
    public @Nullable String getMessage() {
        return safe(thrown.getMessage());
    }

    @Override
    public @Nullable String getOverridingMessage() {
        return safe(thrown.getOverridingMessage());
    }

    @Override
    public String getClassName() {
        return thrown.getClassName();
    }

    @Override
    public StackTraceElementProxy[] getStackTraceElementProxyArray() {
        return thrown.getStackTraceElementProxyArray();
    }

    @Override
    public int getCommonFrames() {
        return thrown.getCommonFrames();
    }

    @Override
    public @Nullable IThrowableProxy getCause() {
        return thrown.getCause() == null ? null : new SafeThrowable(thrown.getCause());
    }

    @Override
    public IThrowableProxy @Nullable [] getSuppressed() {
        IThrowableProxy[] suppressed = thrown.getSuppressed();
        return suppressed == null ? null
                : Stream.of(suppressed).map(SafeThrowable::new).toArray(IThrowableProxy[]::new);
    }

    @Override
    public boolean isCyclic() {
        return thrown.isCyclic();
    }
}
