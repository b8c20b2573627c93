package io.chordshare.simulation.registers;

import io.chordshare.placement.SlotState;
import io.chordshare.register.Register;
import io.chordshare.register.RegisterStore.SlotDigest;
import io.chordshare.register.RegisterStore.SlotLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is durable on one machine: outlives its processes. */
final class StoreDisk {

    final SortedMap<Integer, SlotState> states = new TreeMap<>();
    final SortedMap<String, Register> registers = new TreeMap<>();
    final SortedMap<String, byte[]> blocks = new TreeMap<>();
    /** What waits to be imported. */
    final List<Register> aside = new ArrayList<>();
    private final Map<Integer, SlotDigest> digests = new HashMap<>();
    private String ring = "";

    /** What was in another ring is in none now. */
    void enter(String entered, boolean founds) {
        if (!entered.equals(ring)) {
            states.clear();
            if (!founds) {
                registers.clear();
                digests.clear();
            }
            ring = entered;
        }
    }

    SlotDigest digest(int slot) {
        return digests.getOrDefault(slot, SlotDigest.EMPTY);
    }

    void put(int slot, String key, @Nullable Register next) {
        Register before = next == null ? registers.remove(key) : registers.put(key, next);
        digests.put(slot, digest(slot).replacing(before == null ? null : SlotLine.of(key, before),
                next == null ? null : SlotLine.of(key, next)));
    }
}
