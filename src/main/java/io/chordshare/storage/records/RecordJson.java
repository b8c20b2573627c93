package io.chordshare.storage.records;

import io.chordshare.storage.model.FileRecord;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Converts records to and from JSON on disk. Ignores unknown fields: a later version may have written them. */
public final class RecordJson {

    public static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private RecordJson() {}

    public static byte[] write(FileRecord record) {
        return MAPPER.writeValueAsBytes(record);
    }

    static FileRecord read(byte[] json) {
        return MAPPER.readValue(json, FileRecord.class);
    }
}
