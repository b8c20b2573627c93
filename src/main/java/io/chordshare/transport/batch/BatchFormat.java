package io.chordshare.transport.batch;

import io.chordshare.json.JsonLimits;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.cbor.CBORFactory;
import tools.jackson.dataformat.cbor.CBORMapper;

/** Batches as bytes: CBOR (RFC 8949), because the bytes of small files travel in it as they are. */
final class BatchFormat {

    /** The media type of a batch and of its answer. */
    static final String MEDIA_TYPE = "application/cbor";

    private static final CBORMapper MAPPER = CBORMapper.builder(CBORFactory.builder()
            .streamReadConstraints(JsonLimits.constraints()).build())
            // a newer node may say more
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private BatchFormat() {}

    static byte[] write(Object batch) {
        return MAPPER.writeValueAsBytes(batch);
    }

    /** @throws JacksonException when it is not such a batch, or breaks a rule */
    static <T> T read(byte[] bytes, Class<T> type) {
        return MAPPER.readValue(bytes, type);
    }
}
