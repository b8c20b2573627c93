package io.chordshare.register.disk;

import io.chordshare.id.ChordId;
import io.chordshare.id.Slots;
import io.chordshare.register.RegisterStore.SlotDigest;
import io.chordshare.register.RegisterStore.SlotLine;
import io.chordshare.storage.records.SlotRecords.Line;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The digests of all slots in memory, as what is on disk changes. Changed by the disk's thread alone. */
final class SlotDigests {

    private final Slots slots;
    private final int members;
    private final AtomicReferenceArray<Kept> kept;

    /**
     * @param digest of all registers of a slot
     * @param extra  how many of them are kept whoever answers for the slot
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
    }

    Slots slots() {
        return slots;
    }

    void changed(@Nullable Line before, @Nullable Line after) {
        Line some = before == null ? after : before;
        if (some != null) {
            kept.updateAndGet(slots.of(ChordId.parse(some.key())), now ->
                    now.replacing(before, after, extra(after) - extra(before)));
        }
    }

    SlotDigest of(int slot) {
        return slot < kept.length() ? kept.get(slot).digest() : SlotDigest.EMPTY;
    }

    /** Whether nothing is here but what every node keeps. */
    boolean isEmpty(int slot) {
        return slot >= kept.length() || kept.get(slot).digest().count() == kept.get(slot).extra();
    }
}
