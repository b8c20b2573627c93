package io.chordshare.chaos;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The files named by requests that may have written something. */
final class FuzzNames {

    /** Generated forms are smaller than this, whatever mistakes they contain. */
    private static final int LARGEST_FORM = 256 * 1024;
    private static final List<String> READS = List.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final Queue<String> written = new ConcurrentLinkedQueue<>();

    /** @param status of the answer; 0 without an answer, when the request may still have been executed */
    void note(FuzzRequest request, int status) {
        String target = comparable(decoded(request.target()));
        if (READS.contains(request.method()) || !target.contains("files")) {
            return;
        }
        // part of a form may have been stored before the refusal
        boolean isForm = request.operation().startsWith("POST") && request.body().length < LARGEST_FORM;
        if (isForm) {
            written.add(target + '\n' + comparable(new String(request.body(), StandardCharsets.UTF_8)));
        } else if (status < 400 || status >= 500) {
            written.add(target);
        }
    }

    /** Whether any request named the file, in its address or in a part of a form. */
    boolean has(String file) {
        String name = comparable(file);
        return FuzzValues.NAMES.contains(file) || written.stream().anyMatch(text -> text.contains(name));
    }

    /**
     * Removes characters that are an escape or a separator in one place and literal in another, and long repetitions.
     */
    private static String comparable(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC).replace("%22",
                "\"").replaceAll("[\\\\/\"]|c{20,}|y{20,}", "");
    }

    private static String decoded(String target) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < target.length(); i++) {
            String digits = target.charAt(i) == '%' ? target.substring(i + 1, Math.min(i + 3, target.length())) : "";
            if (digits.matches("[0-9a-fA-F]{2}")) {
                bytes.write(Integer.parseInt(digits, 16));
                i += 2;
            } else {
                bytes.write(target.charAt(i));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
