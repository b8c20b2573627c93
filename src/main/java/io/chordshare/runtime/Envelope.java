package io.chordshare.runtime;

import io.chordshare.id.ChordId;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What every message between nodes carries besides its content. Addresses get reused, so an address alone does not
 * identify a node.
 *
 * @param to      the id of the intended receiver; null when the sender knows only its address
 * @param ringIds the ids of the sender's ring; empty while the sender is not a member of one
 */
public record Envelope(@Nullable ChordId to, List<String> ringIds) {

    /** Each id beyond the first comes from a merge of two rings, and a person starts each merge. */
    public static final int MAX_RING_IDS = 32;

    /** This version creates 40 hex digits. The pattern leaves room for other formats. */
    private static final Pattern RING_ID = Pattern.compile("[0-9A-Za-z_-]{1,64}");

    public Envelope {
        ringIds = checkRingIds(ringIds);
    }

    /** @throws IllegalArgumentException unless {@code ids} can be the ids of one ring */
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
