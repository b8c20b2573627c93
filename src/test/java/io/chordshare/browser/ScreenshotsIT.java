package io.chordshare.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.chordshare.chaos.LongRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Takes pictures of the console with a running ring. {@code -Dchordshare.screenshots} names their directory. */
@LongRun
@ExtendWith(InBrowser.class)
class ScreenshotsIT {

    private static final int WIDTH = 1200;
    private static final int HEIGHT = 760;
    private static final long MAX_BYTES = 200_000;

    private final ConsoleRing ring;
    private final Chromium chromium;

    ScreenshotsIT(ConsoleRing ring, Chromium chromium) {
        this.ring = ring;
        this.chromium = chromium;
    }

    @Test
    void the_pictures_show_the_ring_a_lookup_and_the_files() {
        ring.put("album/reports/2026/q3.pdf", SamplePdf.withScripts("Third quarter", "x"), "application/pdf");
        ring.put("album/reports/2026/q3.csv", "month,visits\njuly,1204\naugust,1311\nseptember,1498\n", "text/csv");
        ring.put("album/music/goldberg.flac", "x".repeat(30_000), "audio/flac");
        ring.put("album/notes.md", "# Notes\n", "text/markdown");
        ring.put("album/map.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml");
        take(ColorScheme.LIGHT, "/#/ring", ".pointer.predecessor", "ring.png");
        take(ColorScheme.DARK, "/#/ring/" + ring.id(2), ".pointer.predecessor", "ring-dark.png");
        take(ColorScheme.LIGHT, "/#/lookup/album%2Freports%2F2026%2Fq3.pdf", ".copies li", "lookup.png");
        take(ColorScheme.DARK, "/#/files/album%2F", ".files tbody tr:nth-child(4)", "files.png");
        take(ColorScheme.LIGHT, "/#/node", "tr[data-key='ping']", "node.png");
    }

    private void take(ColorScheme scheme, String address, String ready, String file) {
        Page page = chromium.page(scheme, WIDTH, HEIGHT).page;
        page.navigate(ring.url(0) + address);
        PlaywrightAssertions.assertThat(page.locator(ready).first()).isAttached();
        PlaywrightAssertions.assertThat(page.locator("#live")).hasAttribute("data-state", "live");
        Path target = Screenshots.folder().resolve(file);
        page.screenshot(new Page.ScreenshotOptions().setPath(target));
        assertThat(target.toFile().length()).as("bytes of " + file).isBetween(10_000L, MAX_BYTES);
    }
}
