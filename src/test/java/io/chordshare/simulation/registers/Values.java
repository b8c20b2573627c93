package io.chordshare.simulation.registers;

import io.chordshare.id.ChordId;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.FileRecord;
import io.chordshare.storage.model.Sha256;
import io.chordshare.storage.model.Version;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Files whose content is a short text: in the record itself, or in a block. */
final class Values {

    private Values() {}

    static byte[] bytes(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static FileRecord record(String name, Version version, String value, Copies copies, boolean inBlock) {
        byte[] bytes = bytes(value);
        Content content = inBlock ? Content.ofBlocks(List.of(Sha256.of(bytes))) : Content.inline(bytes);
        return new FileRecord(ChordId.ofName(name).toString(), name, 0, version, false, bytes.length,
                Sha256.of(bytes), "text/plain", Instant.EPOCH, copies, content);
    }
}
