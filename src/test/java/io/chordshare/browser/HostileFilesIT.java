package io.chordshare.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.chordshare.browser.Chromium.WatchedPage;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names and contents that try to take over the page that shows them. */
@ExtendWith(InBrowser.class)
class HostileFilesIT {

    private static final String CALL =
            "globalThis.pwned = true; fetch('/files/hostile/pwned', {method: 'PUT', body: 'x'})";
    private static final String HTML = "<!doctype html><title>x</title><script>" + CALL
            + "</script><img src=x onerror=\"" + CALL + "\">";
    private static final String SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='80' height='80' onload=\""
            + CALL + "\">"
            + "<script>" + CALL + "</script><circle cx='40' cy='40' r='36' fill='#4f46d8'/></svg>";
    private static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private final ConsoleRing ring;
    private final WatchedPage watched;
    private final Page page;

    HostileFilesIT(ConsoleRing ring, Chromium chromium) {
        this.ring = ring;
        this.watched = chromium.page();
        this.page = watched.page;
    }

    @AfterEach
    void no_script_ran() {
        assertThat(page.evaluate("globalThis.pwned")).isNull();
        assertThat(ring.get(0, "hostile/pwned")).isNull();
        assertThat(watched.foreignRequests()).isEmpty();
        assertThat(watched.errors()).isEmpty();
    }

    private void open(String prefix) {
        page.navigate(ring.url(0) + "/#/files/" + ConsoleRing.encode(prefix) + "%2F");
    }

    private void preview(String name) {
        page.locator(".entry", new Page.LocatorOptions().setHasText(name)).click();
        PlaywrightAssertions.assertThat(page.locator("dialog.preview")).isVisible();
    }

    private void close() {
        page.keyboard().press("Escape");
        PlaywrightAssertions.assertThat(page.locator("dialog")).hasCount(0);
    }

    @Test
    void names_are_always_shown_as_text() {
        List<String> names = List.of("<img src=x onerror=alert(1)>.txt",
                "\"'><script>globalThis.pwned=true<\\script>.txt",
                "\uD83D\uDE80 rocket.txt", "עברית.txt", "photo\u202Egpj.exe", "a\u200Bb.txt",
                "{{7*7}} ${1} %41 +;&?#.txt",
                "x".repeat(1000) + ".txt");
        names.forEach(name -> ring.put("names/" + name, "content", "text/plain"));
        open("names");
        PlaywrightAssertions.assertThat(page.locator(".files tbody tr")).hasCount(names.size());
        assertThat(page.locator(".files tbody img, .files tbody script").count()).isZero();
        // Characters that would make the name look different are shown as code points
        PlaywrightAssertions.assertThat(page.locator(".entry", new Page.LocatorOptions().setHasText("photo")))
                .hasText("photoU+202Egpj.exe");
        PlaywrightAssertions.assertThat(page.locator(".entry", new Page.LocatorOptions().setHasText("U+200B")))
                .hasCount(1);
        assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .as("the page fits its window").isTrue();
        for (int i = 0; i < names.size(); i++) {
            page.locator(".files tbody .entry").nth(i).click();
            PlaywrightAssertions.assertThat(page.locator("dialog.preview pre")).hasText("content");
            close();
        }
        page.locator("button[aria-label^='Where is photo']").click();
        PlaywrightAssertions.assertThat(page.locator(".copies li")).hasCount(ConsoleRing.NODES);
    }

    @Test
    void html_is_shown_as_text() {
        ring.put("hostile/page.html", HTML, "text/html");
        open("hostile");
        preview("page.html");
        PlaywrightAssertions.assertThat(page.locator("dialog pre")).hasText(HTML);
        assertThat(page.frames()).as("frames of the page").hasSize(1);
    }

    @Test
    void an_svg_with_scripts_is_a_picture_without_them() {
        ring.put("hostile/logo.svg", SVG, "image/svg+xml");
        open("hostile");
        preview("logo.svg");
        page.waitForFunction("() => document.querySelector('dialog img')?.complete");
        assertThat(page.evaluate("document.querySelector('dialog img').naturalWidth")).isEqualTo(80);
    }

    @Test
    void html_and_svg_opened_by_their_address_cannot_use_the_node() {
        ring.put("hostile/direct.html", HTML, "text/html");
        ring.put("hostile/direct.svg", SVG, "image/svg+xml");
        for (String name : List.of("direct.html", "direct.svg")) {
            page.navigate(ring.url(0) + "/files/hostile/" + name);
            assertThat(page.evaluate("globalThis.pwned")).as(name).isNull();
            assertThat(page.evaluate("origin")).as("the origin of " + name).isEqualTo("null");
        }
    }

    @Test
    void a_file_with_a_wrong_type_is_explained() {
        ring.put("hostile/fake.png", HTML, "image/png");
        ring.put("hostile/fake.pdf", HTML, "application/pdf");
        ring.put("hostile/data.bin", new byte[] {0, 1, 2}, "application/octet-stream");
        ring.put("hostile/empty.txt", "", "text/plain");
        open("hostile");
        preview("fake.png");
        PlaywrightAssertions.assertThat(page.locator("dialog .problem")).containsText("cannot be shown");
        close();
        preview("fake.pdf");
        PlaywrightAssertions.assertThat(page.locator("dialog .problem")).containsText("cannot be drawn");
        close();
        preview("data.bin");
        PlaywrightAssertions.assertThat(page.locator("dialog .empty")).containsText("no preview");
        close();
        preview("empty.txt");
        PlaywrightAssertions.assertThat(page.locator("dialog")).containsText("The file is empty");
    }

    @Test
    void an_image_and_a_pdf_are_drawn_without_running_the_pdfs_scripts() {
        ring.put("hostile/dot.png", Base64.getDecoder().decode(PNG), "image/png");
        ring.put("hostile/paper.pdf", SamplePdf.withScripts("Two nodes and a ring", CALL)
                .getBytes(StandardCharsets.ISO_8859_1), "application/pdf");
        open("hostile");
        preview("dot.png");
        page.waitForFunction("() => document.querySelector('dialog img')?.naturalWidth === 1");
        close();
        preview("paper.pdf");
        PlaywrightAssertions.assertThat(page.locator("dialog canvas[data-drawn='1']")).isVisible();
        PlaywrightAssertions.assertThat(page.locator("dialog .pager")).containsText("Page 1 of 2");
        // Something was drawn: not all pixels are white
        assertThat((Boolean) page.evaluate("(() => { const c = document.querySelector('dialog canvas');"
                + "return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v, i) => i % 4 === 0 && "
                + "v < 100); })()")).isTrue();
        PlaywrightAssertions.assertThat(page.locator("dialog .paper")).containsText("Two nodes and a ring");
        page.locator("dialog button[aria-label='Next page']").click();
        PlaywrightAssertions.assertThat(page.locator("dialog canvas[data-drawn='2']")).isVisible();
        close();
    }
}
