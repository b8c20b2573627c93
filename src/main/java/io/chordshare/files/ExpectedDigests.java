package io.chordshare.files;

import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.storage.Sha256;
import jakarta.servlet.http.HttpServletRequest;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a body must hash to, as its sender announced it (RFC 9530). All digests of algorithms that are known here must match,
 * those of others are left aside. A file is sent whole and without a coding, so that both fields are about the same bytes.
 */
record ExpectedDigests(List<Sha256> sha256, List<byte[]> sha512) {

    static final ExpectedDigests NONE = new ExpectedDigests(List.of(), List.of());

    private static final List<String> FIELDS = List.of("Content-Digest", "Repr-Digest");
    private static final String SHA_256 = "sha-256";
    private static final String SHA_512 = "sha-512";
    private static final int SHA_512_BYTES = 64;

    /** @throws ChordshareException when a field has a digest of a known algorithm, and that cannot be read */
    static ExpectedDigests of(HttpServletRequest request) {
        ExpectedDigests digests = new ExpectedDigests(new ArrayList<>(), new ArrayList<>());
        for (String field : FIELDS) {
            Optional<String> value = FieldLines.combined(request, field);
            try {
                value.map(StructuredDictionary::parse).orElse(List.of()).forEach(digests::add);
            } catch (IllegalArgumentException e) {
                if (!mayMeanKnownAlgorithm(value.orElse(""))) {
                    // RFC 9651, section 4.2: a field that is no dictionary counts as not there
                    continue;
                }
                throw new ChordshareException(ProblemType.INVALID_REQUEST, field + " must be sha-256=:…: or sha-512=:…:"
                        + " with the hash in Base64 (RFC 9530), or be left out", e);
            }
        }
        return digests;
    }

    private static boolean mayMeanKnownAlgorithm(String value) {
        String lowerCase = value.toLowerCase(Locale.ROOT);
        return lowerCase.contains(SHA_256) || lowerCase.contains(SHA_512);
    }

    private void add(StructuredDictionary.Member member) {
        switch (member.key()) {
            case SHA_256 -> sha256.add(Sha256.fromBytes(bytes(member)));
            case SHA_512 -> sha512.add(bytesOfSha512(member));
            default -> { }
        }
    }

    private static byte[] bytes(StructuredDictionary.Member member) {
        return Optional.ofNullable(member.bytes()).orElseThrow(() ->
                new IllegalArgumentException(member.key() + " is not in colons"));
    }

    private static byte[] bytesOfSha512(StructuredDictionary.Member member) {
        byte[] bytes = bytes(member);
        if (bytes.length != SHA_512_BYTES) {
            throw new IllegalArgumentException("a SHA-512 has " + SHA_512_BYTES + " bytes, not " + bytes.length);
        }
        return bytes;
    }

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

    /** Hashes a body while it is read. Its SHA-256 is known to the reader anyhow, a SHA-512 costs only those who sent one. */
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
         * @throws ChordshareException when the body is not the one that was announced
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

        private static ChordshareException mismatch(String algorithm, String found) {
            return new ChordshareException(ProblemType.DIGEST_MISMATCH, "Nothing was stored: the " + algorithm
                    + " of the bytes that arrived is " + found + ". Send the file again");
        }
    }
}
