package io.chordshare.register;

import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.FileRules;
import io.chordshare.storage.model.Version;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Where a node keeps its registers: the port to the disk. What is read is durable. */
public interface RegisterStore {

    /** {@link Register#EMPTY} for a name that was never written here. */
    Register read(String key);

    /**
     * Takes a step with a register, in one transaction, in the order of the calls.
     *
     * @return the answer of the step, once what it changed is durable; failed when the disk fails
     */
    CompletableFuture<StepAnswer> step(String key, Step step);

    /** As {@link #step}, for a new file, which leaves more room on the disk than what must be repaired. */
    default CompletableFuture<StepAnswer> stepOfUpload(String key, Step step) {
        return step(key, step);
    }

    /** A pure function of what is there at the moment of the transaction. */
    @FunctionalInterface
    interface Step {

        /** @param hasBytes whether all bytes of a record are here */
        StepAnswer take(Register now, Predicate<FileRecord> hasBytes);
    }

    /**
     * What a step found or did.
     *
     * @param status what became of the request
     * @param now    what is there now
     * @param next   what to keep in its place; null to change nothing
     */
    record StepAnswer(RegisterStatus status, Register now, @Nullable Register next) {

        static StepAnswer unchanged(RegisterStatus status, Register now) {
            return new StepAnswer(status, now, null);
        }

        static StepAnswer changed(Register next) {
            return new StepAnswer(RegisterStatus.DONE, next, next);
        }
    }

    /** The same at two nodes exactly when they have the same versions and promises in a slot, but for luck. */
    SlotDigest digest(int slot);

    /** Whether nothing is here of a slot that only those keep who answer for it. */
    default boolean isEmpty(int slot) {
        return digest(slot).count() == 0;
    }

    /** The registers of a slot in order of keys, after {@code after}; null from the start. */
    List<SlotLine> page(int slot, @Nullable String after, int limit);

    /** Records of a slot whose bytes belong at the member of this rank, and are not all here. */
    List<FileRecord> incomplete(int slot, int rank, int limit);

    /**
     * Forgets every register of these slots.
     *
     * @param unwanted asked for each slot within the transaction: whether nobody needs it here now
     */
    CompletableFuture<Void> drop(List<Integer> slots, IntPredicate unwanted);

    /** As {@link #drop}, but the records wait to be imported, and copies that never counted go along. */
    CompletableFuture<Void> setAside(List<Integer> slots, IntPredicate unwanted);

    /** Why nothing but deletions can be stored now; empty when all is well. */
    default Optional<String> problem() {
        return Optional.empty();
    }

    /**
     * A digest that is kept while registers change: the sum of one hash for each register.
     *
     * @param count registers in the slot
     * @param sum   sum of their hashes, modulo 2^64
     */
    record SlotDigest(long count, long sum) {

        public static final SlotDigest EMPTY = new SlotDigest(0, 0);

        /** Takes the place of one register by another into account. */
        public SlotDigest replacing(@Nullable SlotLine before, @Nullable SlotLine after) {
            return new SlotDigest(count + (after == null ? 0 : 1) - (before == null ? 0 : 1),
                    sum + hash(after) - hash(before));
        }

        private static long hash(@Nullable SlotLine line) {
            return line == null ? 0 : line.hash();
        }
    }

    /**
     * One register, by its versions alone.
     *
     * @param accepted the version of its record
     * @param promised its promise
     */
    record SlotLine(String key, Version accepted, Version promised) {

        public SlotLine {
            FileRules.checkKey(key);
            Objects.requireNonNull(accepted, "accepted");
            Objects.requireNonNull(promised, "promised");
        }

        public static SlotLine of(String key, Register register) {
            return new SlotLine(key, register.accepted(), register.promised());
        }

        /** FNV-1a of 64 bits, with the finalizer of SplitMix64: sums of it differ where the lines do. */
        long hash() {
            long hash = 0xcbf29ce484222325L;
            for (String part : List.of(key, accepted.writer(), promised.writer())) {
                for (int i = 0; i < part.length(); i++) {
                    hash = (hash ^ part.charAt(i)) * 0x100000001b3L;
                }
                hash = (hash ^ 0xff) * 0x100000001b3L;
            }
            hash = mix(hash ^ accepted.counter());
            return mix(hash + promised.counter());
        }

        private static long mix(long value) {
            long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
            mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
            return mixed ^ mixed >>> 31;
        }
    }
}
