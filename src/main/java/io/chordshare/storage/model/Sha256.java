package io.chordshare.storage.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 hash: the name of a block, and the checksum of a file. Written as 64 lower-case hex digits. */
public final class Sha256 implements Comparable<Sha256> {

    /** Length in bytes. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private Sha256(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The hash of all of {@code data}. */
    public static Sha256 of(byte[] data) {
        return of(data, 0, data.length);
    }

    /** The hash of {@code length} bytes of {@code data} from {@code offset} on. */
    public static Sha256 of(byte[] data, int offset, int length) {
        MessageDigest digest = newDigest();
        digest.update(data, offset, length);
        return new Sha256(digest.digest());
    }

    /** Wraps the 32 bytes of a finished digest. */
    public static Sha256 fromBytes(byte[] hash) {
        if (hash.length != LENGTH) {
            throw new IllegalArgumentException("a SHA-256 has " + LENGTH + " bytes, not " + hash.length);
        }
        return new Sha256(hash.clone());
    }

    /** @throws IllegalArgumentException unless {@code hex} is 64 hex digits */
    @JsonCreator
    public static Sha256 parse(String hex) {
        if (hex == null || hex.length() != 2 * LENGTH) {
            throw new IllegalArgumentException("a SHA-256 has " + 2 * LENGTH + " hex digits");
        }
        return new Sha256(HexFormat.of().parseHex(hex));
    }

    /** A fresh SHA-256 digest, which every Java platform has. */
    public static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public int compareTo(Sha256 other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sha256 that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    @JsonValue
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
