package io.chordshare.browser;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests one ring and one browser, each started once for all tests. Closes the pages of each test. */
final class InBrowser implements ParameterResolver, AfterEachCallback {

    private static final Namespace NAMESPACE = Namespace.create(InBrowser.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == ConsoleRing.class || type == Chromium.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext.Store store = context.getRoot().getStore(NAMESPACE);
        if (parameter.getParameter().getType() == Chromium.class) {
            return store.computeIfAbsent(Chromium.class, key -> new Chromium(), Chromium.class);
        }
        return store.computeIfAbsent(ConsoleRing.class, key -> new ConsoleRing().start(), ConsoleRing.class)
                .makeWhole();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Chromium chromium = context.getRoot().getStore(NAMESPACE).get(Chromium.class, Chromium.class);
        if (chromium != null) {
            chromium.closePages();
        }
    }
}
