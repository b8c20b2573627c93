package io.chordshare.register;

import io.chordshare.register.RegisterStore.StepAnswer;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Version;
import java.util.function.Predicate;

/** What a replica answers, as a function of what it keeps: the acceptor's side of the protocol. */
final class RegisterRules {

    private RegisterRules() {}

    /** A promise (CASPaxos, "prepare"). The answer has what is accepted. */
    static StepAnswer promise(Register now, Version version) {
        if (!version.isNewerThan(now.promised()) || !version.isNewerThan(now.accepted())) {
            return StepAnswer.unchanged(RegisterStatus.PROMISED_HIGHER, now);
        }
        return StepAnswer.changed(now.promising(version));
    }

    /**
     * A record from a writer. A promise for a higher version comes first: the writer that got it has not seen this
     * record, and may be about to replace what it has seen.
     *
     * @param holds whether this node must hold the bytes
     */
    static StepAnswer write(Register now, FileRecord record, boolean holds, Predicate<FileRecord> hasBytes) {
        int order = record.version().compareTo(now.accepted());
        if (order == 0) {
            return StepAnswer.unchanged(RegisterStatus.DONE, now);
        }
        if (now.promised().isNewerThan(record.version())) {
            return StepAnswer.unchanged(RegisterStatus.PROMISED_HIGHER, now);
        }
        if (order < 0) {
            return StepAnswer.unchanged(RegisterStatus.NEWER, now);
        }
        boolean allBytes = hasBytes.test(record);
        if (holds && !allBytes) {
            return StepAnswer.unchanged(RegisterStatus.INCOMPLETE, now);
        }
        return StepAnswer.changed(now.accepting(record, allBytes));
    }

    /** What a majority has, at a node that does not answer for the name. What was whole stays until the next is. */
    static StepAnswer extra(Register now, FileRecord record, Predicate<FileRecord> hasBytes) {
        int order = record.version().compareTo(now.accepted());
        if (order < 0) {
            return StepAnswer.unchanged(RegisterStatus.NEWER, now);
        }
        if (!hasBytes.test(record)) {
            return StepAnswer.unchanged(RegisterStatus.INCOMPLETE, now);
        }
        return StepAnswer.changed(new Register(record, now.promised(), true));
    }

    /** Bytes of the record may have come. */
    static StepAnswer lookForBytes(Register now, Predicate<FileRecord> hasBytes) {
        FileRecord record = now.record();
        boolean news = record != null && !now.complete() && hasBytes.test(record);
        return news ? StepAnswer.changed(new Register(record, now.promised(), true))
                : StepAnswer.unchanged(RegisterStatus.DONE, now);
    }

    /**
     * What another member has. Its promise counts here, too, since the next view's majority may not know of it
     * otherwise. While this node serves, a record below its own promise is not taken: the one who got the promise may
     * be about to replace something else. A member that does not answer yet takes it: no promise of the view before
     * leads to a write any more.
     *
     * @param serves whether this node answers in the view
     */
    static StepAnswer merge(Register now, Register theirs, boolean serves, boolean holds,
                            Predicate<FileRecord> hasBytes) {
        Register next = theirs.promised().isNewerThan(now.promised()) ? now.promising(theirs.promised()) : now;
        FileRecord record = theirs.record();
        if (record != null && record.version().isNewerThan(now.accepted())) {
            if (serves && now.promised().isNewerThan(record.version())) {
                return StepAnswer.unchanged(RegisterStatus.PROMISED_HIGHER, now);
            }
            boolean allBytes = hasBytes.test(record);
            if (holds && !allBytes) {
                return StepAnswer.unchanged(RegisterStatus.INCOMPLETE, now);
            }
            next = next.accepting(record, allBytes);
        }
        return next.equals(now) ? StepAnswer.unchanged(RegisterStatus.DONE, now) : StepAnswer.changed(next);
    }
}
