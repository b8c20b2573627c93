package io.chordshare.runtime;

import io.chordshare.id.ChordId;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What every message between nodes carries besides its content. Addresses get reused, so an address alone proves
 * nothing.
 *
 * @param to      the id of the node that is meant; null when only its address is known
 * @param ringIds the ids of the ring that the sender is in; empty while it is not a member of one
 */
public record Envelope(@Nullable ChordId to, List<String> ringIds) {

    /** Merges of rings that never met are made by hand. */
    public static final int MAX_RING_IDS = 32;

    /** A founder draws 40 hex digits; what a later version may draw fits as well. */
    private static final Pattern RING_ID = Pattern.compile("[0-9A-Za-z_-]{1,64}");

    public Envelope {
        ringIds = checkRingIds(ringIds);
    }

    /** @throws IllegalArgumentException unless these can be the ids of one ring */
    public static List<String> checkRingIds(@Nullable List<String> ids) {
        if (ids == null) {
            return List.of();
        }
        if (ids.size() > MAX_RING_IDS || !ids.stream().allMatch(id -> id != null && isRingId(id))) {
            throw new IllegalArgumentException("a ring has at most " + MAX_RING_IDS
                    + " ids, each of 1 to 64 letters, digits, - and _");
        }
        return List.copyOf(ids);
    }

    public static boolean isRingId(String id) {
        return RING_ID.matcher(id).matches();
    }
}
