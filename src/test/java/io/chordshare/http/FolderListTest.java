package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A listing with folders, as the console shows it. */
@ExtendWith(SharedRing.class)
class FolderListTest {

    private final Api api;

    FolderListTest(LocalNodes ring) {
        this.api = ring.api(0);
    }

    private void put(String... names) {
        for (String name : names) {
            assertThat(api.put("/files/" + Api.encode(name).replace("%2F", "/"), "body").status()).isIn(200, 201);
        }
    }

    private JsonNode page(String query) {
        return api.get("/files?delimiter=/&" + query).assertStatus(200).json();
    }

    private static List<String> files(JsonNode page) {
        return page.path("files").valueStream().map(file -> file.path("name").asString()).toList();
    }

    private static List<String> folders(JsonNode page) {
        return page.path("folders").valueStream().map(JsonNode::asString).toList();
    }

    @Test
    void a_folder_is_listed_once_for_all_files_below_it() {
        put("folded/b", "folded/a/1", "folded/a/2", "folded/a/deep/3", "folded/c/4", "folded/a0");
        JsonNode page = page("prefix=folded/");
        assertThat(folders(page)).containsExactly("folded/a/", "folded/c/");
        assertThat(files(page)).containsExactly("folded/a0", "folded/b");
        assertThat(page.path("next").isNull()).isTrue();
        JsonNode below = page("prefix=folded/a/");
        assertThat(folders(below)).containsExactly("folded/a/deep/");
        assertThat(files(below)).containsExactly("folded/a/1", "folded/a/2");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void the_pages_of_a_folder_list_every_line_once(int limit) {
        String last = Character.toString(Character.MAX_CODE_POINT);
        put("paged/a/x", "paged/a/" + last, "paged/a/" + last + "y", "paged/b", "paged/c/1", "paged/c/2", "paged/d",
                "paged/é/z",
                "paged/\uD83D\uDE80");
        List<String> lines = new ArrayList<>();
        String after = "";
        for (int pages = 0; pages < 10; pages++) {
            JsonNode page = page("prefix=paged/&limit=" + limit + after);
            assertThat(page.path("files").size() + page.path("folders").size()).isLessThanOrEqualTo(limit);
            lines.addAll(files(page));
            lines.addAll(folders(page));
            if (page.path("next").isNull()) {
                break;
            }
            after = "&after=" + Api.encode(page.path("next").asString());
        }
        assertThat(lines).containsExactlyInAnyOrder("paged/a/", "paged/b", "paged/c/", "paged/d", "paged/é/",
                "paged/\uD83D\uDE80");
    }

    @Test
    void without_a_delimiter_there_are_no_folders() {
        put("flat/a/1");
        assertThat(api.get("/files?prefix=flat/").json().propertyNames()).containsExactly("files", "next");
    }

    @Test
    void another_delimiter_is_refused() {
        api.get("/files?delimiter=x").assertProblem(400);
    }
}
