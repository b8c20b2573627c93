package io.chordshare.register.disk;

import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.register.RegisterStore.SlotDigest;
import io.chordshare.register.RegisterStore.SlotLine;
import io.chordshare.storage.records.SlotRecords.Line;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The digests of all slots in memory, as what is on disk changes. Changed by the disk's thread alone. */
final class SlotDigests implements Consumer<Line> {

    private final Slots slots;
    private final int members;
    private final AtomicReferenceArray<Kept> kept;
    /**
     * For each slot the most copies that a record may want whose bytes are not all here, in the lower half, and a
     * number that grows with each change of it, in the upper half. Never too low.
     */
    private final AtomicLongArray lacking;

    /**
     * @param digest of all registers of a slot
     * @param extra  how many of them this node keeps also when it is no member
     */
    private record Kept(SlotDigest digest, long extra) {

        static final Kept NOTHING = new Kept(SlotDigest.EMPTY, 0);

        Kept replacing(@Nullable Line before, @Nullable Line after, int extra) {
            return new Kept(digest.replacing(line(before), line(after)), this.extra + extra);
        }

        private static @Nullable SlotLine line(@Nullable Line line) {
            return line == null ? null : new SlotLine(line.key(), line.accepted(), line.promised());
        }
    }

    private int extra(@Nullable Line line) {
        return line != null && line.isExtra(members) ? 1 : 0;
    }

    /** @param members how many nodes answer for a slot */
    SlotDigests(Slots slots, int members) {
        this.members = members;
        this.slots = slots;
        Kept[] nothing = new Kept[slots.count()];
        Arrays.fill(nothing, Kept.NOTHING);
        kept = new AtomicReferenceArray<>(nothing);
        lacking = new AtomicLongArray(slots.count());
    }

    Slots slots() {
        return slots;
    }

    @Override
    public void accept(Line line) {
        changed(null, line);
    }

    void changed(@Nullable Line before, @Nullable Line after) {
        Line some = before == null ? after : before;
        if (some != null) {
            int slot = slots.of(ChordId.parse(some.key()));
            if (after != null && !after.complete() && !after.deleted()) {
                lacking.updateAndGet(slot, now -> next(now, Math.max(copies(now), after.copies())));
            }
            kept.updateAndGet(slot, now ->
                    now.replacing(before, after, extra(after) - extra(before)));
        }
    }

    private static int copies(long lacking) {
        return (int) lacking;
    }

    private static long next(long lacking, int copies) {
        return (lacking >>> Integer.SIZE) + 1 << Integer.SIZE | copies;
    }

    /** Any record may lack bytes now. */
    void bytesLost() {
        for (int slot = 0; slot < lacking.length(); slot++) {
            lacking.updateAndGet(slot, now -> next(now, Integer.MAX_VALUE));
        }
    }

    /** What is known of the slot now, for {@link #mayLack} and {@link #nothingLacks}. */
    long lacking(int slot) {
        return slot < lacking.length() ? lacking.get(slot) : 0;
    }

    /** Whether a record may lack bytes that wants more copies than this. */
    static boolean mayLack(long seen, int moreThan) {
        return copies(seen) > moreThan;
    }

    /** Somebody has looked: no record lacked bytes that wants more copies, unless one has come since. */
    void nothingLacks(int slot, long seen, int moreThan) {
        lacking.compareAndSet(slot, seen, next(seen, moreThan));
    }

    SlotDigest of(int slot) {
        return slot < kept.length() ? kept.get(slot).digest() : SlotDigest.EMPTY;
    }

    /** Whether nothing is here but what every node keeps. */
    boolean isEmpty(int slot) {
        return slot >= kept.length() || kept.get(slot).digest().count() == kept.get(slot).extra();
    }
}
