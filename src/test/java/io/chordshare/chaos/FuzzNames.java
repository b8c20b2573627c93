package io.chordshare.chaos;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Which files were named by requests that may have written something. */
final class FuzzNames {

    /** No form is larger by itself, whatever is wrong with it. */
    private static final int LARGEST_FORM = 256 * 1024;
    private static final List<String> READS = List.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final Queue<String> written = new ConcurrentLinkedQueue<>();

    /** @param status of the answer; 0 when there was none, and the request may still have been carried out */
    void note(FuzzRequest request, int status) {
        String target = comparable(decoded(request.target()));
        if (READS.contains(request.method()) || !target.contains("files")) {
            return;
        }
        // a form may have been stored in part before it was refused
        boolean isForm = request.operation().startsWith("POST") && request.body().length < LARGEST_FORM;
        if (isForm) {
            written.add(target + '\n' + comparable(new String(request.body(), StandardCharsets.UTF_8)));
        } else if (status < 400 || status >= 500) {
            written.add(target);
        }
    }

    /** Whether any request named it: by its address, or as a part of a form. */
    boolean has(String file) {
        String name = comparable(file);
        return FuzzValues.NAMES.contains(file) || written.stream().anyMatch(text -> text.contains(name));
    }

    /** Without what is an escape or a separator at one place and a character at another, and what is only long. */
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
