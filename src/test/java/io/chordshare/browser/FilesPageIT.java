package io.chordshare.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.FilePayload;
import io.chordshare.browser.Chromium.WatchedPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The files page: upload, download, preview, delete. */
@ExtendWith(InBrowser.class)
class FilesPageIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ConsoleRing ring;
    private final WatchedPage watched;
    private final Page page;

    private @Nullable CDPSession throttling;

    @TempDir
    Path folder;

    FilesPageIT(ConsoleRing ring, Chromium chromium) {
        this.ring = ring;
        this.watched = chromium.page();
        this.page = watched.page;
    }

    @AfterEach
    void nothing_failed_in_the_page() {
        assertThat(watched.errors()).isEmpty();
        assertThat(watched.violations()).isEmpty();
        assertThat(watched.foreignRequests()).isEmpty();
    }

    private void open(String prefix) {
        page.navigate(ring.url(0) + "/#/files/" + ConsoleRing.encode(prefix).replace("/", "%2F")
                + (prefix.endsWith("/") ? "%2F" : ""));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void files_that_are_chosen_are_uploaded_and_another_node_has_them() {
        open("chosen/");
        PlaywrightAssertions.assertThat(page.locator(".empty")).containsText("This folder is empty");
        page.locator("input[type=file]:not([webkitdirectory])").setInputFiles(new FilePayload[] {
            new FilePayload("one.txt", "text/plain", bytes("one")), new FilePayload("two & <b>.txt", "text/plain",
                    bytes("two"))});
        PlaywrightAssertions.assertThat(page.locator("#uploads-title")).hasText("Uploads are done");
        PlaywrightAssertions.assertThat(page.locator(".upload-list li.done")).hasCount(2);
        PlaywrightAssertions.assertThat(page.locator(".files tbody tr")).hasCount(2);
        assertThat(ring.get(3, "chosen/one.txt")).isEqualTo(bytes("one"));
        assertThat(ring.get(2, "chosen/two & <b>.txt")).isEqualTo(bytes("two"));
    }

    @Test
    void a_folder_that_is_dropped_is_uploaded_with_its_folders() throws IOException {
        Path album = Files.createDirectories(folder.resolve("album/2026"));
        Files.writeString(folder.resolve("album/cover.txt"), "cover");
        for (int i = 0; i < 12; i++) {
            Files.writeString(album.resolve("photo" + i + ".txt"), "photo " + i);
        }
        open("dropped/");
        PlaywrightAssertions.assertThat(page.locator(".empty")).isVisible();
        drop(folder.resolve("album"));
        PlaywrightAssertions.assertThat(page.locator("#uploads-title")).hasText("Uploads are done");
        PlaywrightAssertions.assertThat(page.locator(".files tbody tr.folder")).hasText(Pattern.compile("album"));
        page.locator(".files tbody a", new Page.LocatorOptions().setHasText("album")).click();
        PlaywrightAssertions.assertThat(page.locator(".files tbody tr")).hasCount(2);
        page.locator(".files tbody a", new Page.LocatorOptions().setHasText("2026")).click();
        PlaywrightAssertions.assertThat(page.locator(".files tbody tr")).hasCount(12);
        PlaywrightAssertions.assertThat(page.locator(".crumbs"))
                .hasText(Pattern.compile("All files.*dropped.*album.*2026"));
        assertThat(ring.get(1, "dropped/album/2026/photo7.txt")).isEqualTo(bytes("photo 7"));
    }

    /** Drops a folder as from the desktop: Chromium gives the page the same objects. */
    private void drop(Path dropped) {
        CDPSession session = page.context().newCDPSession(page);
        JsonArray files = new JsonArray();
        files.add(dropped.toString());
        JsonObject data = new JsonObject();
        data.add("items", new JsonArray());
        data.add("files", files);
        data.addProperty("dragOperationsMask", 1);
        for (String type : new String[] {"dragEnter", "dragOver", "drop"}) {
            JsonObject event = new JsonObject();
            event.addProperty("type", type);
            event.addProperty("x", 400);
            event.addProperty("y", 400);
            event.add("data", data);
            session.send("Input.dispatchDragEvent", event);
            if (type.equals("dragOver")) {
                PlaywrightAssertions.assertThat(page.locator(".drop-hint")).isVisible();
            }
        }
        PlaywrightAssertions.assertThat(page.locator(".drop-hint")).isHidden();
    }

    @Test
    void an_upload_shows_its_progress_and_a_cancelled_upload_changes_nothing() {
        ring.put("slow/big.bin", "the version before", "application/octet-stream");
        open("slow/");
        PlaywrightAssertions.assertThat(page.locator(".files tbody tr")).hasCount(1);
        throttle(300_000);
        byte[] big = new byte[6_000_000];
        new Random(1).nextBytes(big);
        page.locator("input[type=file]:not([webkitdirectory])")
                .setInputFiles(new FilePayload("big.bin", "application/octet-stream", big));
        PlaywrightAssertions.assertThat(page.locator(".upload-list li.running .upload-state"))
                .hasText(Pattern.compile("[1-9].* of 6.0 MB, .*/s"));
        page.locator("button[aria-label='Cancel: slow/big.bin']").click();
        PlaywrightAssertions.assertThat(page.locator(".upload-list li.cancelled")).containsText("nothing was stored");
        throttle(-1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(ring.get(1, "slow/big.bin"))
                .isEqualTo(bytes("the version before")));
        // Once more, to the end
        page.locator("button[aria-label='Try again: slow/big.bin']").click();
        PlaywrightAssertions.assertThat(page.locator(".upload-list li.done")).hasCount(1);
        assertThat(ring.get(2, "slow/big.bin")).isEqualTo(big);
    }

    @Test
    void an_upload_to_a_node_that_dies_says_that_nothing_was_stored() {
        page.navigate(ring.url(ConsoleRing.victim()) + "/#/files/broken%2F");
        PlaywrightAssertions.assertThat(page.locator(".empty")).isVisible();
        throttle(300_000);
        page.locator("input[type=file]:not([webkitdirectory])")
                .setInputFiles(new FilePayload("big.bin", "application/octet-stream", new byte[6_000_000]));
        PlaywrightAssertions.assertThat(page.locator(".upload-list li.running .upload-state"))
                .hasText(Pattern.compile("[1-9].* of 6.0 MB, .*/s"));
        ring.killVictim();
        PlaywrightAssertions.assertThat(page.locator(".upload-list li.failed .problem"))
                .hasText(Pattern.compile("interrupted.*Nothing of it was stored.*try again"));
        PlaywrightAssertions.assertThat(page.locator("button[aria-label='Try again: broken/big.bin']")).isVisible();
        assertThat(ring.get(1, "broken/big.bin")).isNull();
    }

    private void throttle(int bytesPerSecond) {
        JsonObject conditions = new JsonObject();
        conditions.addProperty("offline", false);
        conditions.addProperty("latency", 0);
        conditions.addProperty("downloadThroughput", -1);
        conditions.addProperty("uploadThroughput", bytesPerSecond);
        // One session for all of them: the rate limit of a session adds to the limits of other sessions
        CDPSession session = throttling == null ? page.context().newCDPSession(page) : throttling;
        throttling = session;
        session.send("Network.emulateNetworkConditions", conditions);
    }

    @Test
    void a_refused_upload_shows_the_reason() {
        open("");
        page.locator("input[type=file]:not([webkitdirectory])")
                .setInputFiles(new FilePayload("x".repeat(1100) + ".txt", "text/plain", bytes("x")));
        PlaywrightAssertions.assertThat(page.locator(".upload-list li.failed .problem"))
                .containsText("not a valid file name");
        PlaywrightAssertions.assertThat(page.locator("#uploads-title")).hasText("1 upload failed");
    }

    @Test
    void a_file_is_downloaded_unchanged() throws IOException {
        byte[] content = new byte[300_000];
        new Random(2).nextBytes(content);
        ring.put("down/load me.bin", content, "application/octet-stream");
        open("down/");
        Download download = page.waitForDownload(() -> page.locator("a[aria-label='Download load me.bin']").click());
        assertThat(download.suggestedFilename()).isEqualTo("load me.bin");
        assertThat(Files.readAllBytes(download.path())).isEqualTo(content);
    }

    @Test
    void a_file_is_deleted_only_after_a_confirmation() {
        ring.put("bin/keep.txt", "keep", "text/plain");
        open("bin/");
        page.locator("button[aria-label='Delete keep.txt']").click();
        PlaywrightAssertions.assertThat(page.locator("dialog")).containsText("Delete this file?");
        assertThat(page.evaluate("document.activeElement.textContent")).as("the button that Enter presses")
                .isEqualTo("Cancel");
        page.keyboard().press("Escape");
        PlaywrightAssertions.assertThat(page.locator("dialog")).hasCount(0);
        assertThat(ring.get(1, "bin/keep.txt")).isNotNull();
        page.locator("button[aria-label='Delete keep.txt']").click();
        page.locator("dialog button.danger").click();
        PlaywrightAssertions.assertThat(page.locator(".toast")).containsText("keep.txt is deleted");
        PlaywrightAssertions.assertThat(page.locator(".empty")).isVisible();
        assertThat(ring.get(1, "bin/keep.txt")).isNull();
    }

    @Test
    void a_long_folder_is_shown_page_by_page_and_filtered_by_prefix() {
        for (int i = 0; i < 104; i++) {
            ring.put("long/%s%03d".formatted(i < 100 ? "a" : "b", i), "x", "text/plain");
        }
        open("long/");
        PlaywrightAssertions.assertThat(page.locator(".files tbody tr")).hasCount(100);
        page.locator("button", new Page.LocatorOptions().setHasText("Show more")).click();
        PlaywrightAssertions.assertThat(page.locator(".files tbody tr")).hasCount(104);
        page.locator(".toolbar input[type=search]").fill("b");
        PlaywrightAssertions.assertThat(page.locator(".files tbody tr")).hasCount(4);
    }

    @Test
    void a_file_that_another_node_stored_appears_automatically() {
        open("elsewhere/");
        PlaywrightAssertions.assertThat(page.locator(".empty")).isVisible();
        ring.put("elsewhere/new.txt", "new", "text/plain");
        PlaywrightAssertions.assertThat(page.locator(".files tbody tr")).hasCount(1);
    }
}
