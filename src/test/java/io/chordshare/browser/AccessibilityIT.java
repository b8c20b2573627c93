package io.chordshare.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The console for people with low vision, without a mouse, or with a small screen. */
@ExtendWith(InBrowser.class)
class AccessibilityIT {

    private static final List<String> SERIOUS = List.of("serious", "critical");

    private final ConsoleRing ring;
    private final Chromium chromium;

    AccessibilityIT(ConsoleRing ring, Chromium chromium) {
        this.ring = ring;
        this.chromium = chromium;
    }

    @ParameterizedTest
    @EnumSource(value = ColorScheme.class, names = {"LIGHT", "DARK"})
    void axe_finds_no_serious_problem_on_any_page(ColorScheme scheme) throws IOException {
        ring.put("axe/note.md", "# A note", "text/markdown");
        Page page = chromium.page(scheme, 1280, 900).page;
        page.navigate(ring.url(0));
        PlaywrightAssertions.assertThat(page.locator(".nodes .node")).hasCount(ConsoleRing.NODES);
        check(page, "ring");
        page.navigate(ring.url(0) + "/#/lookup/axe%2Fnote.md");
        PlaywrightAssertions.assertThat(page.locator(".copies li").first()).isVisible();
        check(page, "lookup");
        page.navigate(ring.url(0) + "/#/files/axe%2F");
        PlaywrightAssertions.assertThat(page.locator(".entry").first()).isVisible();
        check(page, "files");
        page.locator(".entry").first().click();
        PlaywrightAssertions.assertThat(page.locator("dialog pre")).isVisible();
        check(page, "preview");
        page.keyboard().press("Escape");
        page.locator("button[aria-label^='Delete']").first().click();
        check(page, "confirmation");
        page.keyboard().press("Escape");
        page.navigate(ring.url(0) + "/#/files/nothing%2F");
        PlaywrightAssertions.assertThat(page.locator(".empty")).isVisible();
        check(page, "empty folder");
        page.navigate(ring.url(0) + "/#/node");
        PlaywrightAssertions.assertThat(page.locator("tr[data-key='ping']")).isVisible();
        check(page, "node");
    }

    @SuppressWarnings("unchecked")
    private static void check(Page page, String what) throws IOException {
        if (!(Boolean) page.evaluate("'axe' in globalThis")) {
            // Injected by the debugger, which the page's policy does not stop
            try (InputStream axe = AccessibilityIT.class
                    .getResourceAsStream("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js")) {
                page.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8) + "; 0");
            }
        }
        List<Map<String, Object>> violations = (List<Map<String, Object>>) page.evaluate("""
                async () => (await axe.run()).violations.map(found => ({id: found.id, impact: found.impact,
                    help: found.help, nodes: found.nodes
                        .map(node => node.html.slice(0, 160) + ' ' + node.failureSummary).join('\\n')}))""");
        assertThat(violations.stream().filter(found -> SERIOUS.contains(found.get("impact")))).as(what).isEmpty();
    }

    @Test
    void every_page_works_with_the_keyboard_alone() {
        ring.put("keys/a.txt", "by keyboard", "text/plain");
        Page page = chromium.page().page;
        page.navigate(ring.url(0));
        PlaywrightAssertions.assertThat(page.locator(".nodes .node")).hasCount(ConsoleRing.NODES);
        page.keyboard().press("Tab");
        assertThat(page.evaluate("document.activeElement.textContent")).isEqualTo("Skip to the content");
        tabTo(page, "Files");
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator("h1")).hasText("Files");
        assertThat(page.evaluate("document.activeElement.id")).as("where a screen reader continues").isEqualTo("main");
        tabTo(page, "keys");
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator(".crumbs")).containsText("keys");
        tabTo(page, "a.txt");
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator("dialog pre")).hasText("by keyboard");
        page.keyboard().press("Escape");
        assertThat((String) page.evaluate("document.activeElement.textContent")).as("the focus returns")
                .contains("a.txt");
    }

    private static void tabTo(Page page, String text) {
        for (int i = 0; i < 40; i++) {
            page.keyboard().press("Tab");
            if (((String) page.evaluate("document.activeElement.textContent.trim()")).equals(text)) {
                return;
            }
        }
        throw new AssertionError("tab never comes to " + text);
    }

    @Test
    void a_small_screen_shows_everything_without_scrolling_sideways() {
        ring.put("small/a file with quite a long name that does not fit a telephone.txt", "x", "text/plain");
        Page page = chromium.page(ColorScheme.DARK, 360, 740).page;
        for (String address : List.of("/#/ring", "/#/lookup/small%2Fx", "/#/files/small%2F", "/#/node")) {
            page.navigate(ring.url(0) + address);
            PlaywrightAssertions.assertThat(page.locator("h1")).isVisible();
            page.waitForTimeout(500);
            assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= innerWidth")).as(address)
                    .isTrue();
        }
    }

    @Test
    void the_theme_follows_the_system_until_the_user_changes_it() {
        Page page = chromium.page(ColorScheme.DARK, 1280, 900).page;
        page.navigate(ring.url(0));
        PlaywrightAssertions.assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        page.locator("#theme").click();
        PlaywrightAssertions.assertThat(page.locator("html")).hasAttribute("data-theme", "light");
        page.reload();
        PlaywrightAssertions.assertThat(page.locator("html")).hasAttribute("data-theme", "light");
    }
}
