package io.chordshare.files;

import io.chordshare.files.FileException.Reason;
import io.chordshare.storage.model.Sha256;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a body must hash to, as its sender announced it (RFC 9530). All digests of algorithms that are known here must
 * match, those of others are left aside. A file is sent whole and without a coding, so that both fields are about the
 * same bytes.
 */
public record ExpectedDigests(List<Sha256> sha256, List<byte[]> sha512) {

    public static final ExpectedDigests NONE = new ExpectedDigests(List.of(), List.of());

    /** One body on its way. */
    Reading reading(InputStream body) {
        return new Reading(body);
    }

    private static MessageDigest newSha512() {
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has SHA-512", e);
        }
    }

    /**
     * Hashes a body while it is read. Its SHA-256 is known to the reader anyhow, a SHA-512 costs only those who sent
     * one.
     */
    final class Reading {

        private final @Nullable MessageDigest digest;
        private final InputStream body;

        private Reading(InputStream body) {
            this.digest = sha512.isEmpty() ? null : newSha512();
            this.body = digest == null ? body : new DigestInputStream(body, digest);
        }

        /** What to read instead of the body. */
        InputStream body() {
            return body;
        }

        /**
         * @param found of all bytes that were read
         * @throws FileException when the body is not the one that was announced
         */
        void check(Sha256 found) {
            if (sha256.stream().anyMatch(expected -> !expected.equals(found))) {
                throw mismatch("SHA-256", found.toString());
            }
            if (digest != null) {
                byte[] bytes = digest.digest();
                if (sha512.stream().anyMatch(expected -> !Arrays.equals(expected, bytes))) {
                    throw mismatch("SHA-512", HexFormat.of().formatHex(bytes));
                }
            }
        }

        private static FileException mismatch(String algorithm, String found) {
            return new FileException(Reason.DIGEST_MISMATCH, "Nothing was stored: the " + algorithm
                    + " of the bytes that arrived is " + found + ". Send the file again");
        }
    }
}
