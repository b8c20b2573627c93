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
 * The digests of a body that its sender announced (RFC 9530). All digests of known algorithms must match; others are
 * ignored. A file is always sent whole and without content coding, so {@code Content-Digest} and {@code Repr-Digest}
 * cover the same bytes.
 */
public record ExpectedDigests(List<Sha256> sha256, List<byte[]> sha512) {

    public static final ExpectedDigests NONE = new ExpectedDigests(List.of(), List.of());

    /** Starts hashing a body. */
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

    /** Hashes a body while it is read. The SHA-256 is computed anyway; a SHA-512 only when the sender announced one. */
    final class Reading {

        private final @Nullable MessageDigest digest;
        private final InputStream body;

        private Reading(InputStream body) {
            this.digest = sha512.isEmpty() ? null : newSha512();
            this.body = digest == null ? body : new DigestInputStream(body, digest);
        }

        /** The stream to read instead of the body. */
        InputStream body() {
            return body;
        }

        /**
         * @param found the SHA-256 of all bytes that were read
         * @throws FileException when the body does not match an announced digest
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
                    + " of the received bytes is " + found + ". Send the file again");
        }
    }
}
