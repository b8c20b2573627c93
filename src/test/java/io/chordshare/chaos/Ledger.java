package io.chordshare.chaos;

import io.chordshare.chaos.RingClient.Answer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The allowed contents of one name. At most one writer writes to it at a time, and many clients read it. A read must
 * return what was acknowledged or read before the read began, or something written later. An upload that failed may
 * still have taken effect, but then it stays.
 */
final class Ledger {

    final String name;

    private final List<SampleFile> written = new ArrayList<>();
    /** Contents before this one may not be read any more; -1 while the file need not exist. */
    private int floor = -1;
    private int attempts;

    Ledger(String name) {
        this.name = name;
    }

    /** Uploads a content that nobody has written before, and returns the answer. */
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

    /**
     * What a node has answered.
     *
     * @param isWrong whether no node may answer so, whatever else is down
     * @param problem null without a problem
     */
    record Reading(boolean isWrong, @Nullable String problem) {

        static final Reading GOOD = new Reading(false, null);
    }

    Reading read(ProcessNode node) {
        int before = floor();
        long start = System.nanoTime();
        Answer answer = node.client.get(name);
        String circumstances = " at %s (%s), took %d ms".formatted(node, node.address(),
                (System.nanoTime() - start) / 1_000_000);
        if (answer.status() == 404 && before < 0) {
            return Reading.GOOD;
        }
        if (!answer.ok()) {
            boolean isLost = answer.status() == 404 || !answer.sha256().isEmpty();
            return new Reading(isLost, name + circumstances + ": " + answer.status() + " " + answer.detail());
        }
        return check(answer.sha256(), before, circumstances);
    }

    private synchronized Reading check(String sha256, int before, String circumstances) {
        for (int index = written.size() - 1; index >= 0; index--) {
            if (written.get(index).sha256().equals(sha256)) {
                floor = Math.max(floor, index);
                return index >= before ? Reading.GOOD : new Reading(true,
                        "%s%s: OLD content %d, though %d was acknowledged or read before".formatted(name,
                                circumstances, index, before));
            }
        }
        return new Reading(true, name + circumstances + ": bytes that nobody has uploaded");
    }

    private synchronized int floor() {
        return floor;
    }

    /** Whether it was acknowledged or read. */
    synchronized boolean exists() {
        return floor >= 0;
    }

    synchronized int attempts() {
        return attempts;
    }
}
