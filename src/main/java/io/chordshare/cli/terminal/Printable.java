package io.chordshare.cli.terminal;

import java.util.Locale;

/**
 * Makes text from the network safe for a terminal. Control characters could move the cursor, change colours or type
 * answers for the user. Direction marks could show a name as another one. Each is shown as its code point instead.
 */
public final class Printable {

    private static final int ARABIC_LETTER_MARK = 0x061C;
    private static final int LEFT_TO_RIGHT_MARK = 0x200E;
    private static final int RIGHT_TO_LEFT_MARK = 0x200F;
    private static final int FIRST_EMBEDDING = 0x202A;
    private static final int LAST_OVERRIDE = 0x202E;
    private static final int FIRST_ISOLATE = 0x2066;
    private static final int LAST_ISOLATE = 0x2069;
    private static final int ZERO_WIDTH_SPACE = 0x200B;
    private static final int WORD_JOINER = 0x2060;
    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private Printable() {}

    /** The text, with {@code \\u{202E}} in place of characters that must not reach a terminal. */
    public static String of(String text) {
        if (text.chars().allMatch(character -> character >= ' ' && character <= '~')) {
            return text;
        }
        StringBuilder printable = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (isHarmful(point)) {
                printable.append("\\u{").append(Integer.toHexString(point).toUpperCase(Locale.ROOT)).append('}');
            } else {
                printable.appendCodePoint(point);
            }
        });
        return printable.toString();
    }

    /** The same in quotes, for use in a sentence, because a name may begin or end with blanks. */
    public static String quoted(String text) {
        return '"' + of(text) + '"';
    }

    /** Also true for invisible characters, so that two different names never look alike. */
    public static boolean isHarmful(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> point == ARABIC_LETTER_MARK || point == LEFT_TO_RIGHT_MARK || point == RIGHT_TO_LEFT_MARK
                    || (point >= FIRST_EMBEDDING && point <= LAST_OVERRIDE)
                    || (point >= FIRST_ISOLATE && point <= LAST_ISOLATE)
                    || point == ZERO_WIDTH_SPACE || point == WORD_JOINER || point == BYTE_ORDER_MARK;
        };
    }
}
