package io.chordshare.register;

import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Version;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one node keeps of one name.
 *
 * @param record   the accepted record; null for none
 * @param promised no record of a lower version is accepted from a writer; {@link Version#NONE} before any promise
 * @param complete whether all bytes of the record are here
 */
public record Register(@Nullable FileRecord record, Version promised, boolean complete) {

    /** A name that was never written. */
    public static final Register EMPTY = new Register(null, Version.NONE, true);

    public Register {
        Objects.requireNonNull(promised, "promised");
    }

    /** The version of the accepted record. */
    public Version accepted() {
        return record == null ? Version.NONE : record.version();
    }

    Register promising(Version version) {
        return new Register(record, version, complete);
    }

    /** A record that was promised for takes part in Paxos: accepting it implies its promise. */
    Register accepting(FileRecord next, boolean allBytes) {
        boolean raises = next.seen() != null && next.version().isNewerThan(promised);
        return new Register(next, raises ? next.version() : promised, allBytes);
    }
}
