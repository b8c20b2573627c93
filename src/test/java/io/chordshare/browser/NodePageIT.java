package io.chordshare.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.chordshare.browser.Chromium.WatchedPage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The node page: join, leave, and the node's own state. */
@ExtendWith(InBrowser.class)
class NodePageIT {

    private static final double PATIENCE_MILLIS = 120_000;

    private final ConsoleRing ring;
    private final WatchedPage watched;
    private final Page page;

    NodePageIT(ConsoleRing ring, Chromium chromium) {
        this.ring = ring;
        this.watched = chromium.page();
        this.page = watched.page;
    }

    @AfterEach
    void nothing_failed_in_the_page() {
        assertThat(watched.errors()).isEmpty();
        assertThat(watched.violations()).isEmpty();
    }

    @Test
    void a_node_shows_its_resources_and_settings() {
        page.navigate(ring.url(0) + "/#/node");
        PlaywrightAssertions.assertThat(page.locator(".facts").first()).containsText(ring.id(0));
        PlaywrightAssertions.assertThat(page.locator(".meters")).containsText("Room on the disk");
        PlaywrightAssertions.assertThat(page.locator("tr[data-key='chordshare.files.repair-after']"))
                .containsText("10s");
        PlaywrightAssertions.assertThat(page.locator("tr[data-key='ping']")).isVisible();
    }

    @Test
    void an_address_without_a_node_is_explained() {
        page.navigate(ring.url(0) + "/#/node");
        page.locator("#join-address").fill("127.0.0.1:" + ConsoleRing.freePort());
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator("form .problem")).containsText("Check the address");
        page.locator("#join-address").fill("not an address");
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator("form .problem"))
                .containsText("This is not the address of a node");
    }

    @Test
    void a_node_leaves_with_hand_off_and_joins_again() {
        int leaver = ConsoleRing.victim();
        for (int i = 0; i < 20; i++) {
            ring.put("leave/" + i, "file " + i, "text/plain");
        }
        page.navigate(ring.url(leaver) + "/#/node");
        page.locator("button", new Page.LocatorOptions().setHasText("Leave the ring")).click();
        page.locator("dialog button.danger").click();
        PlaywrightAssertions.assertThat(page.locator(".facts .tag").first())
                .hasText("alone", new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MILLIS));
        PlaywrightAssertions.assertThat(page.locator(".node-page")).containsText("there is nobody to leave");
        assertThat(ring.get(0, "leave/7")).isEqualTo("file 7".getBytes(StandardCharsets.UTF_8));

        page.locator("#join-address").fill(ring.host(0));
        page.keyboard().press("Enter");
        PlaywrightAssertions.assertThat(page.locator(".toast"))
                .containsText("Joined the ring of " + ring.host(0), new LocatorAssertions.ContainsTextOptions()
                .setTimeout(PATIENCE_MILLIS));
        PlaywrightAssertions.assertThat(page.locator(".facts .tag").first()).hasText("answers");
        ring.makeWhole();
    }
}
