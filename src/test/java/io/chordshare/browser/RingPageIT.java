package io.chordshare.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.WaitForFunctionOptions;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.chordshare.browser.Chromium.WatchedPage;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The ring page. */
@ExtendWith(InBrowser.class)
class RingPageIT {

    private static final double USABLE_WITHIN_MILLIS = 1000;
    private static final long MAX_BYTES = 1_000_000;
    private static final double SHOWN_WITHIN_MILLIS = 5000;
    private static final double PATIENCE_MILLIS = 120_000;

    private final ConsoleRing ring;
    private final Chromium chromium;

    RingPageIT(ConsoleRing ring, Chromium chromium) {
        this.ring = ring;
        this.chromium = chromium;
    }

    private static void awaitNodes(Page page, int count) {
        PlaywrightAssertions.assertThat(page.locator(".nodes .node"))
                .hasCount(count, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MILLIS));
    }

    @Test
    void the_console_is_usable_within_a_second_and_weighs_less_than_a_megabyte() {
        List<Double> times = new ArrayList<>();
        long bytes = 0;
        for (int load = 0; load < 3; load++) {
            WatchedPage watched = chromium.page();
            Page page = watched.page;
            // The time when all five nodes are visible and selectable, by the page's own clock
            page.addInitScript("new MutationObserver((changes, observer) => {"
                    + "if (document.querySelectorAll('.nodes .node').length === 5) {"
                    + "globalThis.usableAt = performance.now(); observer.disconnect(); }"
                    + "}).observe(document, {childList: true, subtree: true})");
            page.navigate(ring.url(0));
            page.waitForFunction("() => globalThis.usableAt !== undefined");
            times.add(((Number) page.evaluate("globalThis.usableAt")).doubleValue());
            // The bytes on the wire as the browser counts them, headers included
            bytes = ((Number) page.evaluate("performance.getEntriesByType('navigation')"
                    + ".concat(performance.getEntriesByType('resource'))"
                    + ".reduce((sum, entry) => sum + entry.transferSize, 0)")).longValue();
            assertThat(watched.errors()).isEmpty();
            assertThat(watched.violations()).isEmpty();
            assertThat(watched.foreignRequests()).isEmpty();
        }
        System.out.printf("console: usable after %s ms, %,d bytes%n", times, bytes);
        assertThat(bytes).isBetween(100_000L, MAX_BYTES);
        times.sort(null);
        assertThat(times.get(1)).as("the middle of %s", times).isLessThan(USABLE_WITHIN_MILLIS);
    }

    @Test
    void the_picture_matches_the_state_of_the_node() {
        Page page = chromium.page().page;
        page.navigate(ring.url(0));
        awaitNodes(page, ConsoleRing.NODES);
        JsonNode view = ring.json(0, "/ring");
        PlaywrightAssertions.assertThat(page.locator(".pointer.successor")).hasCount(view.path("successors").size());
        PlaywrightAssertions.assertThat(page.locator(".pointer.predecessor")).hasCount(1);
        PlaywrightAssertions.assertThat(page.locator(".node.self")).hasCount(1);
        PlaywrightAssertions.assertThat(page.locator(".node.self")).hasAttribute("data-key", ring.id(0));
        PlaywrightAssertions.assertThat(page.locator(".detail")).containsText(ring.host(0));
        for (JsonNode node : ring.json(0, "/ring/nodes")) {
            PlaywrightAssertions.assertThat(page.locator("tbody tr[data-key='" + node.path("id").asString() + "']"))
                    .containsText(node.path("address").asString().replace("http://", ""));
        }
    }

    @Test
    void the_pointers_of_every_node_can_be_shown() {
        Page page = chromium.page().page;
        page.navigate(ring.url(0));
        awaitNodes(page, ConsoleRing.NODES);
        for (int node : new int[] {2, ConsoleRing.victim()}) {
            page.locator("tbody button", new Page.LocatorOptions().setHasText(ring.host(node))).click();
            PlaywrightAssertions.assertThat(page.locator(".detail h2")).hasText(ring.host(node));
            JsonNode view = ring.json(node, "/ring");
            PlaywrightAssertions.assertThat(page.locator(".detail dl"))
                    .containsText(view.path("predecessor").path("address").asString().replace("http://", ""));
            PlaywrightAssertions.assertThat(page.locator(".pointer.successor")).hasCount(ConsoleRing.NODES - 1);
            assertThat(page.url()).endsWith("#/ring/" + ring.id(node));
        }
    }

    @Test
    void the_keyboard_moves_around_the_circle() {
        Page page = chromium.page().page;
        page.navigate(ring.url(0));
        awaitNodes(page, ConsoleRing.NODES);
        List<String> ids = ring.json(0, "/ring/nodes").valueStream().map(node -> node.path("id").asString()).toList();
        assertThat(page.locator(".node[tabindex='0']").count()).as("places where tab stops on the circle").isEqualTo(1);
        page.locator(".node.self").focus();
        page.keyboard().press("ArrowRight");
        assertThat(page.evaluate("document.activeElement.dataset.key")).isEqualTo(ids.get(1));
        page.keyboard().press("ArrowLeft");
        page.keyboard().press("ArrowLeft");
        assertThat(page.evaluate("document.activeElement.dataset.key")).isEqualTo(ids.getLast());
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator(".node.chosen")).hasAttribute("data-key", ids.getLast());
        PlaywrightAssertions.assertThat(page.locator(".node.chosen")).hasAttribute("aria-pressed", "true");
        page.keyboard().press("Home");
        assertThat(page.evaluate("document.activeElement.dataset.key")).isEqualTo(ring.id(0));
    }

    @Test
    void a_killed_node_is_shown_within_five_seconds_and_its_own_page_recovers() {
        int victim = ConsoleRing.victim();
        String id = ring.id(victim);
        WatchedPage watched = chromium.movingPage();
        Page page = watched.page;
        page.navigate(ring.url(0));
        awaitNodes(page, ConsoleRing.NODES);
        Page own = chromium.page().page;
        own.navigate(ring.url(victim));
        awaitNodes(own, ConsoleRing.NODES);

        ring.killVictim();
        long start = System.nanoTime();
        page.waitForFunction("id => { const node = document.querySelector(`.node[data-key='${id}']`);"
                + "return !node || node.matches('.SUSPECT, .GONE'); }", id, new WaitForFunctionOptions()
                .setTimeout(PATIENCE_MILLIS));
        double shown = (System.nanoTime() - start) / 1e6;
        page.screenshot(new Page.ScreenshotOptions().setPath(Screenshots.folder().resolve("killed.png")));
        page.waitForFunction("id => { const node = document.querySelector(`.node[data-key='${id}']`);"
                + "return !node || node.matches('.GONE'); }", id, new WaitForFunctionOptions()
                .setTimeout(PATIENCE_MILLIS));
        System.out.printf("console: a killed node is shown after %.0f ms, as gone after %.0f ms%n", shown,
                (System.nanoTime() - start) / 1e6);
        PlaywrightAssertions.assertThat(page.locator(".happenings")).containsText("was declared dead");

        // The page of the killed node says that the node does not answer, and names other nodes
        Locator notice = own.locator("#notice");
        PlaywrightAssertions.assertThat(notice).containsText("This node does not answer");
        PlaywrightAssertions.assertThat(notice.locator("a").first()).hasAttribute("href",
                Pattern.compile("^http://127\\.0\\.0\\.1:\\d+/$"));

        ring.makeWhole();
        awaitNodes(page, ConsoleRing.NODES);
        page.waitForFunction("id => document.querySelector(`.node[data-key='${id}']`)?.matches('.MEMBER')", id,
                new WaitForFunctionOptions().setTimeout(PATIENCE_MILLIS));
        PlaywrightAssertions.assertThat(notice).isHidden(new LocatorAssertions.IsHiddenOptions()
                .setTimeout(PATIENCE_MILLIS));
        PlaywrightAssertions.assertThat(own.locator("#live")).hasAttribute("data-state", "live");
        assertThat(watched.errors()).isEmpty();
        assertThat(shown).as("milliseconds until the killed node is shown as suspect or gone")
                .isLessThan(SHOWN_WITHIN_MILLIS);
    }
}
