package io.chordshare.chaos;

import io.chordshare.chaos.RingClient.Answer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one name may be read as. One writer at a time writes to it, many read. What was acknowledged, or read, before a
 * read began must come back, or something that was written after it: an upload that was answered with an error may have
 * happened, but then it stays so.
 */
final class Ledger {

    final String name;

    private final List<SampleFile> written = new ArrayList<>();
    /** Nothing before this one may be read any more; -1 while there need not be a file. */
    private int floor = -1;
    private int attempts;

    Ledger(String name) {
        this.name = name;
    }

    /** The answer of the upload, whose content nobody has written before. */
    Answer upload(ProcessNode node, SampleFile content) {
        int index;
        synchronized (this) {
            written.add(content);
            index = written.size() - 1;
            attempts++;
        }
        Answer answer = node.client.put(name, content.copies(), content::open);
        synchronized (this) {
            if (answer.stored()) {
                floor = Math.max(floor, index);
            }
        }
        return answer;
    }

    /** What is wrong with what this node gives for the name; null when nothing is. */
    @Nullable String read(ProcessNode node) {
        int before = floor();
        long start = System.nanoTime();
        Answer answer = node.client.get(name);
        String circumstances = " at %s (%s), took %d ms".formatted(node, node.address(),
                (System.nanoTime() - start) / 1_000_000);
        if (answer.status() == 404 && before < 0) {
            return null;
        }
        if (!answer.ok()) {
            return name + circumstances + ": " + answer.status() + " " + answer.detail();
        }
        return check(answer.sha256(), before, circumstances);
    }

    private synchronized @Nullable String check(String sha256, int before, String circumstances) {
        for (int index = written.size() - 1; index >= 0; index--) {
            if (written.get(index).sha256().equals(sha256)) {
                floor = Math.max(floor, index);
                return index >= before ? null
                        : "%s%s: OLD content %d, though %d was acknowledged or read before".formatted(name,
                                circumstances, index, before);
            }
        }
        return name + circumstances + ": bytes that nobody has uploaded";
    }

    private synchronized int floor() {
        return floor;
    }

    synchronized int attempts() {
        return attempts;
    }
}
