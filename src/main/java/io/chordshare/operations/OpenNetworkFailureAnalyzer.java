package io.chordshare.operations;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do instead of printing a stack trace. Listed in {@code META-INF/spring.factories}. */
final class OpenNetworkFailureAnalyzer extends AbstractFailureAnalyzer<OpenNetworkException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, OpenNetworkException cause) {
        return new FailureAnalysis(
                cause.getMessage() + " Anyone there could read, write and delete all files of its network.",
                "Set " + cause.property() + "=127.0.0.1, or, if everyone who can reach this machine may do that,"
                        + " chordshare.security.open=true.",
                cause);
    }
}
