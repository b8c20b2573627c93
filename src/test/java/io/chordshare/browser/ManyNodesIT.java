package io.chordshare.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.chordshare.browser.Chromium.WatchedPage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rings that a test cannot start: hundreds of nodes, and a ring that splits. */
@ExtendWith(InBrowser.class)
class ManyNodesIT {

    private static final int NODES = 300;
    /** Limit of processor time per frame, measured on a machine that does nothing else. */
    private static final double FRAME_MILLIS = 50;

    private final Chromium chromium;

    ManyNodesIT(Chromium chromium) {
        this.chromium = chromium;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 24, 300})
    void no_nodes_and_no_labels_cover_each_other(int count) {
        try (SimulatedNode node = new SimulatedNode(count)) {
            Page page = chromium.page().page;
            page.navigate(node.url());
            PlaywrightAssertions.assertThat(page.locator(".nodes .node")).hasCount(count);
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Screenshots.folder().resolve("ring-of-" + count + ".png")));
            assertThat(((Number) page.evaluate(OVERLAPS, ".nodes .dot")).intValue()).as("dots with a common centre")
                    .isZero();
            assertThat(((Number) page.evaluate(OVERLAPS, ".leaders text")).intValue())
                    .as("labels on top of each other").isZero();
            assertThat((Boolean) page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isTrue();
        }
    }

    /** Pairs of elements where one covers more than half of the other. */
    private static final String OVERLAPS = """
            selector => {
              const boxes = [...document.querySelectorAll(selector)].map(one => one.getBoundingClientRect());
              let pairs = 0;
              for (let i = 0; i < boxes.length; i++) {
                for (let j = i + 1; j < boxes.length; j++) {
                  const w = Math.min(boxes[i].right, boxes[j].right) - Math.max(boxes[i].left, boxes[j].left);
                  const h = Math.min(boxes[i].bottom, boxes[j].bottom) - Math.max(boxes[i].top, boxes[j].top);
                  const smaller = Math.min(boxes[i].width * boxes[i].height, boxes[j].width * boxes[j].height);
                  pairs += w > 0 && h > 0 && w * h > smaller / 2 ? 1 : 0;
                }
              }
              return pairs;
            }""";

    @Test
    void three_hundred_changing_nodes_are_drawn_in_less_than_50_ms_per_frame() {
        try (SimulatedNode node = new SimulatedNode(NODES)) {
            WatchedPage watched = chromium.movingPage();
            Page page = watched.page;
            page.navigate(node.url());
            PlaywrightAssertions.assertThat(page.locator(".nodes .node")).hasCount(NODES);
            comeAndGo(node, page, 0, 3);
            List<Double> tasks = MainThread.tasks(chromium.trace(page, () -> comeAndGo(node, page, 3, 12)));
            System.out.printf("console: %d tasks with %d nodes, the longest take %s ms of processor time%n",
                    tasks.size(), NODES,
                    tasks.reversed().stream().limit(5).map("%.1f"::formatted).toList());
            assertThat(tasks).hasSizeGreaterThan(20);
            assertThat(tasks.getLast()).as("the longest task of the page").isLessThan(FRAME_MILLIS);
            assertThat(watched.errors()).isEmpty();
        }
    }

    private static void comeAndGo(SimulatedNode node, Page page, int from, int to) {
        for (int round = from; round < to; round++) {
            int away = 10 + round * 20;
            node.set(IntStream.range(0, NODES).filter(i -> i < away - 10 || i >= away).boxed().toList(),
                    List.of(away, away + 1));
            node.tell(away, "SUSPECTED");
            node.tell(away - 1, "DEAD");
            page.waitForTimeout(300);
        }
    }

    @Test
    void a_split_ring_is_shown_as_this_side_sees_it() {
        try (SimulatedNode node = new SimulatedNode(6)) {
            Page page = chromium.page().page;
            page.navigate(node.url());
            PlaywrightAssertions.assertThat(page.locator(".summary")).hasText("6 nodes, all answer");
            node.set(List.of(0, 1, 2, 3, 4, 5), List.of(3, 4, 5));
            node.tell(3, "SUSPECTED");
            PlaywrightAssertions.assertThat(page.locator(".summary")).hasText("6 nodes, 3 nodes do not answer");
            PlaywrightAssertions.assertThat(page.locator(".node.SUSPECT")).hasCount(3);
            node.set(List.of(0, 1, 2), List.of());
            node.tell(3, "DEAD");
            PlaywrightAssertions.assertThat(page.locator(".node.GONE")).hasCount(3);
            PlaywrightAssertions.assertThat(page.locator(".summary")).hasText("3 nodes, all answer");
            node.set(List.of(0), List.of());
            node.setStatus("ISOLATED");
            node.tell(1, "DEAD");
            PlaywrightAssertions.assertThat(page.locator("#notice")).containsText("This node is cut off from its ring");
            // The ring is whole again
            node.setStatus("MEMBER");
            node.set(List.of(0, 1, 2, 3, 4, 5), List.of());
            node.tell(1, "CLEARED");
            PlaywrightAssertions.assertThat(page.locator(".node.MEMBER")).hasCount(6);
            PlaywrightAssertions.assertThat(page.locator("#notice")).isHidden();
        }
    }
}
