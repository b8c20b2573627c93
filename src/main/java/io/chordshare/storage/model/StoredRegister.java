package io.chordshare.storage.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is on disk of one name.
 *
 * @param record   the accepted record; null for none
 * @param promised the highest version that was promised to a writer; {@link Version#NONE} before any promise
 * @param complete whether all bytes of the record are here
 */
public record StoredRegister(@Nullable FileRecord record, Version promised, boolean complete) {

    /** A name that was never written here. */
    public static final StoredRegister EMPTY = new StoredRegister(null, Version.NONE, true);

    public StoredRegister {
        Objects.requireNonNull(promised, "promised");
    }

    /** Whether there is neither a record nor a promise. */
    public boolean isEmpty() {
        return record == null && promised.equals(Version.NONE);
    }
}
