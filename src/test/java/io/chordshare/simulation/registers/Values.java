package io.chordshare.simulation.registers;

import io.chordshare.id.ChordId;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.Version;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** Files whose content is a short text. */
final class Values {

    private static final Copies COPIES = new Copies(3);

    private Values() {}

    static FileRecord record(String name, Version version, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return new FileRecord(ChordId.ofName(name).toString(), name, 0, version, false, bytes.length,
                Sha256.of(bytes), "text/plain", Instant.EPOCH, COPIES, Content.inline(bytes));
    }

    /** The text of a file; empty when there is none. */
    static Optional<String> value(Optional<FileRecord> record) {
        return record.filter(found -> !found.deleted()).map(FileRecord::content).map(Content::inline)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
}
