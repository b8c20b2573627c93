package io.chordshare.storage.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How many nodes must hold a file's bytes: a number, counted from the owner on, or every node of the ring.
 *
 * @param count at least 1; {@link #EVERYWHERE} means all nodes
 */
public record Copies(int count) {

    private static final int EVERYWHERE = Integer.MAX_VALUE;

    /** Every node of the ring. */
    public static final Copies ALL = new Copies(EVERYWHERE);

    public Copies {
        if (count < 1) {
            throw new IllegalArgumentException("copies must be \"all\" or a number of at least 1");
        }
    }

    /** @throws IllegalArgumentException unless {@code text} is {@code all} or a number of at least 1 */
    @JsonCreator
    public static Copies parse(String text) {
        if (text.equals("all")) {
            return ALL;
        }
        try {
            if (!text.matches("[0-9]+")) {
                throw new NumberFormatException(text);
            }
            return new Copies(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("copies must be \"all\" or a number of at least 1", e);
        }
    }

    public boolean all() {
        return count == EVERYWHERE;
    }

    /** Whether the member at {@code rank} of the view must hold the bytes. Rank 0 is the owner. */
    public boolean wantedAt(int rank) {
        return rank < count;
    }

    @Override
    @JsonValue
    public String toString() {
        return all() ? "all" : Integer.toString(count);
    }
}
