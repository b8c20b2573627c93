package io.chordshare.files.http;

import io.chordshare.files.ExpectedDigests;
import io.chordshare.problem.ChordshareException;
import io.chordshare.problem.ProblemType;
import io.chordshare.storage.model.Sha256;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the digests that the sender of a body announced (RFC 9530). */
final class DigestHeaders {

    private static final List<String> FIELDS = List.of("Content-Digest", "Repr-Digest");
    private static final String SHA_256 = "sha-256";
    private static final String SHA_512 = "sha-512";
    private static final int SHA_512_BYTES = 64;

    private DigestHeaders() {}

    /** @throws ChordshareException when the digest of a known algorithm is unreadable */
    static ExpectedDigests of(HttpServletRequest request) {
        ExpectedDigests digests = new ExpectedDigests(new ArrayList<>(), new ArrayList<>());
        for (String field : FIELDS) {
            Optional<String> value = FieldLines.combined(request, field);
            try {
                value.map(StructuredDictionary::parse).orElse(List.of()).forEach(member -> add(digests, member));
            } catch (IllegalArgumentException e) {
                if (!mayMeanKnownAlgorithm(value.orElse(""))) {
                    // RFC 9651, section 4.2: a field that is not a dictionary is ignored
                    continue;
                }
                throw new ChordshareException(ProblemType.INVALID_REQUEST, field + " must be sha-256=:…: or sha-512=:…:"
                        + " with the hash in Base64 (RFC 9530). Or leave it out", e);
            }
        }
        return digests;
    }

    private static boolean mayMeanKnownAlgorithm(String value) {
        String lowerCase = value.toLowerCase(Locale.ROOT);
        return lowerCase.contains(SHA_256) || lowerCase.contains(SHA_512);
    }

    private static void add(ExpectedDigests digests, StructuredDictionary.Member member) {
        switch (member.key()) {
            case SHA_256 -> digests.sha256().add(Sha256.fromBytes(bytes(member)));
            case SHA_512 -> digests.sha512().add(bytesOfSha512(member));
            default -> { }
        }
    }

    private static byte[] bytes(StructuredDictionary.Member member) {
        return Optional.ofNullable(member.bytes()).orElseThrow(() ->
                new IllegalArgumentException(member.key() + " is not between colons"));
    }

    private static byte[] bytesOfSha512(StructuredDictionary.Member member) {
        byte[] bytes = bytes(member);
        if (bytes.length != SHA_512_BYTES) {
            throw new IllegalArgumentException("a SHA-512 has " + SHA_512_BYTES + " bytes, not " + bytes.length);
        }
        return bytes;
    }
}
