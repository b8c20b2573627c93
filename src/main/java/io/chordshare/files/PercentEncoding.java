package io.chordshare.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Strict percent-decoding of a URI (RFC 3986, section 2.1): nothing is guessed or replaced. */
public final class PercentEncoding {

    private static final int HEX = 16;
    private static final int FIRST_VISIBLE_ASCII = 0x21;
    private static final int LAST_VISIBLE_ASCII = 0x7E;

    private PercentEncoding() {}

    /**
     * Decodes once, as strict UTF-8.
     *
     * @throws IllegalArgumentException if a character is not allowed in a URI, a {@code %} is not followed by two hex
     *                                  digits, or the bytes are not UTF-8; the message says what to do
     */
    public static String decode(String encoded) {
        ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
        int at = 0;
        while (at < encoded.length()) {
            char character = encoded.charAt(at);
            if (character == '%') {
                bytes.put(hexByte(encoded, at + 1));
                at += 3;
            } else if (character >= FIRST_VISIBLE_ASCII && character <= LAST_VISIBLE_ASCII) {
                bytes.put((byte) character);
                at++;
            } else {
                throw new IllegalArgumentException(
                        "An address consists of ASCII characters only: write any other character"
                        + " as UTF-8, percent-encoded (\"%C3%A9\" for \"\u00e9\").");
            }
        }
        return strictUtf8(bytes.flip());
    }

    private static byte hexByte(String encoded, int at) {
        if (at + 2 <= encoded.length()) {
            int high = asciiHexDigit(encoded.charAt(at));
            int low = asciiHexDigit(encoded.charAt(at + 1));
            if (high >= 0 && low >= 0) {
                return (byte) (high * HEX + low);
            }
        }
        throw new IllegalArgumentException("A \"%\" in the address must be followed by two hex digits:"
                + " write \"%25\" for a percent sign.");
    }

    /** Unlike {@link Character#digit(char, int)}, refuses digits of other scripts. */
    private static int asciiHexDigit(char character) {
        return character <= LAST_VISIBLE_ASCII ? Character.digit(character, HEX) : -1;
    }

    private static String strictUtf8(ByteBuffer bytes) {
        try {
            // With REPORT the JDK's decoder refuses overlong forms, surrogates and code points beyond U+10FFFF
            return StandardCharsets.UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("The percent-encoded bytes of the address are not valid UTF-8:"
                    + " encode the text as UTF-8, then with percent signs.", e);
        }
    }
}
