package io.chordshare.storage.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The encoding of a list block: the SHA-256 of up to {@link Content#MAX_LISTED} blocks, in order, 32 bytes each. Only
 * this class knows it.
 */
public final class ListBlock {

    /** Size of the longest list. */
    public static final int MAX_BYTES = Content.MAX_LISTED * Sha256.LENGTH;

    private ListBlock() {}

    public static byte[] encode(List<Sha256> blocks) {
        byte[] bytes = new byte[blocks.size() * Sha256.LENGTH];
        for (int i = 0; i < blocks.size(); i++) {
            System.arraycopy(blocks.get(i).toBytes(), 0, bytes, i * Sha256.LENGTH, Sha256.LENGTH);
        }
        return bytes;
    }

    /** Whether a list can have this length in bytes. */
    public static boolean isLength(long bytes) {
        return bytes <= MAX_BYTES && bytes % Sha256.LENGTH == 0;
    }

    /** @param bytes a whole number of hashes; an incomplete last hash is ignored */
    public static List<Sha256> decode(byte[] bytes) {
        List<Sha256> blocks = new ArrayList<>(bytes.length / Sha256.LENGTH);
        for (int at = 0; at + Sha256.LENGTH <= bytes.length; at += Sha256.LENGTH) {
            blocks.add(Sha256.fromBytes(Arrays.copyOfRange(bytes, at, at + Sha256.LENGTH)));
        }
        return blocks;
    }
}
