package io.chordshare.browser;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The thread that runs a page's scripts and layout, in a trace of Chromium. */
final class MainThread {

    private MainThread() {}

    /** The processor time of each of its tasks in milliseconds, in ascending order. A frame is at most one task. */
    static List<Double> tasks(byte[] trace) {
        JsonNode events = new JsonMapper().readTree(trace).path("traceEvents");
        Set<String> mainThreads = new HashSet<>();
        for (JsonNode event : events) {
            if (event.path("args").path("name").asString("").equals("CrRendererMain")) {
                mainThreads.add(thread(event));
            }
        }
        return events.valueStream().filter(event -> event.path("name").asString("").endsWith("RunTask")
                        && event.has("tdur") && mainThreads.contains(thread(event)))
                .map(event -> event.path("tdur").asDouble() / 1000).sorted().toList();
    }

    private static String thread(JsonNode event) {
        return event.path("pid").asInt() + ":" + event.path("tid").asInt();
    }
}
