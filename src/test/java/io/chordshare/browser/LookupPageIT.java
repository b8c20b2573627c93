package io.chordshare.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.chordshare.browser.Chromium.WatchedPage;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The lookup page. */
@ExtendWith(InBrowser.class)
class LookupPageIT {

    private final ConsoleRing ring;
    private final WatchedPage watched;
    private final Page page;

    LookupPageIT(ConsoleRing ring, Chromium chromium) {
        this.ring = ring;
        this.watched = chromium.page();
        this.page = watched.page;
    }

    private void lookUp(String wanted) {
        page.locator("#lookup-input").fill(wanted);
        page.keyboard().press("Enter");
        page.waitForURL("**/#/lookup/" + ConsoleRing.encode(wanted).replace("/", "%2F"));
    }

    @Test
    void a_name_is_followed_to_its_owner_and_its_copies() {
        ring.put("lookup/one.txt", "one", "text/plain");
        JsonNode location = ring.json(0, "/locations/lookup/one.txt");
        page.navigate(ring.url(0) + "/#/lookup");
        lookUp("lookup/one.txt");
        String owner = location.path("owner").path("address").asString().replace("http://", "");
        PlaywrightAssertions.assertThat(page.locator(".lookup-result .facts").first()).containsText(owner);
        PlaywrightAssertions.assertThat(page.locator(".lookup-result .facts").first())
                .containsText(location.path("key").asString());
        PlaywrightAssertions.assertThat(page.locator(".node.owner")).hasAttribute("data-key",
                location.path("owner").path("id").asString());
        // Every copy is where the page says
        PlaywrightAssertions.assertThat(page.locator(".copies li")).hasCount(
                location.path("holders").size() + location.path("missing").asInt());
        assertThat(watched.errors()).isEmpty();
    }

    @Test
    void each_request_is_shown_with_its_time() {
        String other = ring.id(2);
        page.navigate(ring.url(0) + "/#/lookup");
        lookUp(other);
        PlaywrightAssertions.assertThat(page.locator(".hops li").last()).containsText(ring.host(2));
        PlaywrightAssertions.assertThat(page.locator(".hops li").last().locator(".number"))
                .hasText(Pattern.compile("^[\\d.]+ (µs|ms)$"));
        PlaywrightAssertions.assertThat(page.locator(".path path.hop").first()).isAttached();
        lookUp(ring.id(0));
        PlaywrightAssertions.assertThat(page.locator(".hops")).containsText("owns the key itself");
    }

    @Test
    void a_name_without_a_file_is_shown_with_its_future_owner() {
        page.navigate(ring.url(0) + "/#/lookup");
        lookUp("lookup/no such file");
        PlaywrightAssertions.assertThat(page.locator(".lookup-result")).containsText("There is no file of this name");
        PlaywrightAssertions.assertThat(page.locator(".node.owner")).hasCount(1);
    }

    @Test
    void an_invalid_name_is_explained() {
        page.navigate(ring.url(0) + "/#/lookup");
        lookUp("a//b");
        PlaywrightAssertions.assertThat(page.locator(".lookup-result .problem")).containsText("not a valid file name");
        assertThat(watched.errors()).isEmpty();
    }
}
