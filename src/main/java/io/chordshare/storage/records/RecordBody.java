package io.chordshare.storage.records;

import io.chordshare.storage.model.FileRecord;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * A record as it is stored: CBOR (RFC 8949), in which the bytes of a small file lie as they are. Up to format 2 it was
 * JSON, with the bytes in Base64; such records are read as well. Ignores unknown fields: a later version may have
 * written them.
 */
public final class RecordBody {

    /** The first byte of an object in JSON. In CBOR it begins a text of at least 4 GiB, which no record is. */
    private static final byte JSON = '{';

    private static final CBORMapper CBOR = CBORMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private RecordBody() {}

    public static byte[] write(FileRecord record) {
        return CBOR.writeValueAsBytes(record);
    }

    /** @throws JacksonException when it is no record, or breaks a rule */
    public static FileRecord read(byte[] body) {
        return mapper(body).readValue(body, FileRecord.class);
    }

    /** The parts of a record that may break a rule. */
    public static ObjectNode tree(byte[] body) {
        return (ObjectNode) mapper(body).readTree(body);
    }

    public static byte[] write(ObjectNode tree) {
        return CBOR.writeValueAsBytes(tree);
    }

    private static ObjectMapper mapper(byte[] body) {
        return body.length > 0 && body[0] == JSON ? RecordJson.MAPPER : CBOR;
    }
}
