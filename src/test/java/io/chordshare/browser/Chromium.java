package io.chordshare.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The browser of this machine, found by path: nothing is downloaded. Used by one thread, as Playwright requires. */
final class Chromium implements AutoCloseable {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    /** Generous: a busy machine must not fail a test of the console. */
    private static final double PATIENCE_MILLIS = 60_000;

    private final Playwright playwright;
    private final Browser browser;
    private final List<BrowserContext> contexts = new ArrayList<>();

    Chromium() {
        playwright = Playwright
                .create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        browser = playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(executable()));
    }

    private static Path executable() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(Path::of)
                .flatMap(folder -> NAMES.stream().map(folder::resolve)).filter(Files::isExecutable).findFirst()
                .orElseThrow(() -> new IllegalStateException("The browser tests need Chromium in the PATH:"
                        + " apt-get install chromium"));
    }

    /** A page in its own window. If the page reports an error, {@link WatchedPage#close} fails the test. */
    WatchedPage page(ColorScheme scheme, int width, int height) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions().setColorScheme(scheme)
                .setViewportSize(width, height).setReducedMotion(ReducedMotion.REDUCE).setLocale("en-GB")
                .setTimezoneId("UTC").setAcceptDownloads(true));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        contexts.add(context);
        return new WatchedPage(context.newPage());
    }

    WatchedPage page() {
        return page(ColorScheme.LIGHT, 1280, 900);
    }

    /** With all animations. */
    WatchedPage movingPage() {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions().setViewportSize(1280, 900));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        contexts.add(context);
        return new WatchedPage(context.newPage());
    }

    /** The trace that the browser records while {@code work} runs in a page. */
    byte[] trace(Page page, Runnable work) {
        browser.startTracing(page, new Browser.StartTracingOptions()
                .setCategories(List.of("toplevel", "devtools.timeline")));
        work.run();
        return browser.stopTracing();
    }

    /** Closes every page that a test left open. */
    void closePages() {
        contexts.forEach(BrowserContext::close);
        contexts.clear();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }

    /** A page whose errors are recorded. */
    static final class WatchedPage {

        final Page page;
        private final List<String> errors = new ArrayList<>();
        private final List<String> violations = new ArrayList<>();
        private final List<String> foreign = new ArrayList<>();

        private WatchedPage(Page page) {
            this.page = page;
            page.onPageError(errors::add);
            page.onConsoleMessage(message -> {
                if (message.text().contains("Content Security Policy") || message.text().contains("TrustedHTML")
                        || message.text().contains("Trusted Type")) {
                    violations.add(message.text());
                }
            });
            page.onRequest(request -> {
                if (!request.url().startsWith("http://127.0.0.1:")
                        && !request.url().startsWith("blob:http://127.0.0.1:")) {
                    foreign.add(request.url());
                }
            });
        }

        /** Failed scripts. */
        List<String> errors() {
            return errors;
        }

        /** What the page's policy blocked. */
        List<String> violations() {
            return violations;
        }

        /** Requests to other hosts than the node. */
        List<String> foreignRequests() {
            return foreign;
        }
    }
}
