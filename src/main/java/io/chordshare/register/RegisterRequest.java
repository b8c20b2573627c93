package io.chordshare.register;

import io.chordshare.id.Slots;
import io.chordshare.placement.View;
import io.chordshare.register.RegisterStore.SlotDigest;
import io.chordshare.register.RegisterStore.SlotLine;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.Request;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.FileRules;
import io.chordshare.storage.model.Version;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What nodes say to each other about registers. Requests of writers and readers name the view that they believe in. */
public sealed interface RegisterRequest<A> extends Request<A> {

    /** As many slots as one message compares. */
    int MAX_SLOTS = 500;
    /** As many lines as one page has. */
    int MAX_LINES = 1000;
    /** As many registers as one message carries: each may have 64 KiB of bytes in it. */
    int MAX_REGISTERS = 32;
    /** Members of two views. */
    int MAX_SOURCES = 2 * View.MAX_MEMBERS;

    private static <T> List<T> bounded(List<T> list, int limit) {
        if (list.size() > limit) {
            throw new IllegalArgumentException("at most " + limit + " in one message, not " + list.size());
        }
        return List.copyOf(list);
    }

    private static void checkSlot(int slot) {
        if (slot < 0 || slot >= Slots.MAX_COUNT) {
            throw new IllegalArgumentException("there is no slot " + slot);
        }
    }

    /**
     * What is accepted?
     *
     * @param view       the number of the slot's view
     * @param withRecord whether the record is wanted, and not only its version
     */
    record Read(String key, long view, boolean withRecord) implements RegisterRequest<RegisterReply> {

        public Read {
            FileRules.checkKey(key);
        }
    }

    /** Accept nothing lower than this version from now on, and say what is accepted. */
    record Promise(String key, long view, Version version) implements RegisterRequest<RegisterReply> {

        public Promise {
            FileRules.checkKey(key);
            Objects.requireNonNull(version, "version");
        }
    }

    /**
     * Accept this record.
     *
     * @param sources where the receiver finds bytes that it must hold and does not have; empty where they were sent
     */
    record Write(FileRecord record, long view, List<Peer> sources) implements RegisterRequest<RegisterReply> {

        public Write {
            Objects.requireNonNull(record, "record");
            sources = bounded(sources, MAX_SOURCES);
        }
    }

    /**
     * The answer to a reader or a writer.
     *
     * @param status   what became of the request
     * @param view     the newest view, when the request named another; null otherwise
     * @param accepted the version that is accepted now
     * @param promised the highest promise now
     * @param complete whether all bytes of the accepted record are there
     * @param record   the accepted record, when it was wanted
     */
    record RegisterReply(RegisterStatus status, @Nullable View view, Version accepted, Version promised,
                         boolean complete, @Nullable FileRecord record) {

        public RegisterReply {
            Objects.requireNonNull(status, "status");
            if (record != null && !record.version().equals(accepted)) {
                throw new IllegalArgumentException("the record of a reply is the accepted one");
            }
        }

        static RegisterReply of(RegisterStatus status, Register now, boolean withRecord) {
            return new RegisterReply(status, null, now.accepted(), now.promised(), now.complete(),
                    withRecord ? now.record() : null);
        }

        static RegisterReply elsewhere(RegisterStatus status, @Nullable View newest) {
            return new RegisterReply(status, newest, Version.NONE, Version.NONE, false, null);
        }
    }

    /** What do you have in these slots? Answered in their order. */
    record GetDigests(List<ViewNumber> slots) implements RegisterRequest<Digests> {

        public GetDigests {
            slots = bounded(slots, MAX_SLOTS);
        }
    }

    /** A slot, and the number of a view of it. */
    record ViewNumber(int slot, long number) {

        public ViewNumber {
            checkSlot(slot);
        }
    }

    /** One digest for each slot that was asked for. */
    record Digests(List<DigestReport> reports) {

        public Digests {
            reports = bounded(reports, MAX_SLOTS);
        }
    }

    /**
     * What a node has in a slot.
     *
     * @param activated the last view in which it has answered requests
     * @param over      whether it acknowledges nothing more in views before the one that was asked about
     */
    record DigestReport(int slot, long activated, boolean over, SlotDigest digest) {

        public DigestReport {
            Objects.requireNonNull(digest, "digest");
        }
    }

    /** The registers of a slot, page by page. */
    record ListSlot(int slot, @Nullable String after) implements RegisterRequest<SlotPage> {

        public ListSlot {
            checkSlot(slot);
            if (after != null) {
                FileRules.checkKey(after);
            }
        }
    }

    /** A page is the last one when it has fewer than {@link #MAX_LINES} lines. */
    record SlotPage(List<SlotLine> lines) {

        public SlotPage {
            lines = bounded(lines, MAX_LINES);
        }

        boolean isLast() {
            return lines.size() < MAX_LINES;
        }
    }

    /** These registers, whole. Answered in their order. */
    record GetRegisters(List<String> keys) implements RegisterRequest<Registers> {

        public GetRegisters {
            keys = bounded(keys, MAX_REGISTERS);
            keys.forEach(FileRules::checkKey);
        }
    }

    /** One for each that was asked for. */
    record Registers(List<Register> registers) {

        public Registers {
            registers = bounded(registers, MAX_REGISTERS);
        }
    }
}
