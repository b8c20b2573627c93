package io.chordshare.logging;

/**
 * Makes text safe for a log: names, addresses and headers come from strangers. A line feed in one of them would forge a
 * log line, an ESC would control the reader's terminal, and a bidirectional control would reverse the rest of the line.
 */
final class SafeText {

    private SafeText() {}

    /** Escapes every character that is not visible: {@code \n}, {@code \r}, or the code with four digits. */
    static String of(String text) {
        return escape(text, false);
    }

    /** As {@link #of}, but keeps line ends. */
    static String lines(String text) {
        return escape(text, true);
    }

    private static String escape(String text, boolean severalLines) {
        StringBuilder safe = null;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            boolean lineEnd = c == '\n' || c == '\r' && next < text.length() && text.charAt(next) == '\n';
            if (isShown(c) || severalLines && lineEnd) {
                if (safe != null) {
                    safe.appendCodePoint(c);
                }
            } else {
                safe = safe != null ? safe : new StringBuilder(text.length() + 16).append(text, 0, i);
                appendEscaped(safe, text, i, next);
            }
            i = next;
        }
        return safe == null ? text : safe.toString();
    }

    private static void appendEscaped(StringBuilder safe, String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> safe.append("\\n");
                case '\r' -> safe.append("\\r");
                default -> safe.append("\\u").append(String.format("%04x", (int) c));
            }
        }
    }

    /** False for controls, line and paragraph separators, invisible characters and single surrogates. */
    private static boolean isShown(int c) {
        if (c == '\t') {
            return true;
        }
        int type = Character.getType(c);
        return type != Character.CONTROL && type != Character.FORMAT && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR && type != Character.SURROGATE;
    }
}
