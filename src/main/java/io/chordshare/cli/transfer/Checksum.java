package io.chordshare.cli.transfer;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** SHA-256, by which a node identifies a file's content. */
public final class Checksum {

    private static final Pattern SHA_256 = Pattern.compile("(?:^|[,\\s])sha-256=:([A-Za-z0-9+/=]{44}):");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    private Checksum() {}

    public static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Completes the digest: 64 hex digits. */
    public static String end(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * The SHA-256 in a {@code Repr-Digest} (RFC 9530), as hex digits; null when the header contains none that can be
     * read.
     */
    public static @Nullable String ofHeader(@Nullable String header) {
        Matcher matcher = SHA_256.matcher(header == null ? "" : header);
        try {
            return matcher.find() ? HexFormat.of().formatHex(Base64.getDecoder().decode(matcher.group(1))) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    public static boolean isHex(String text) {
        return HEX.matcher(text).matches();
    }
}
