package dev.weir.engine.config;

/// Fits what a file holds into a message: one line, not too long.
final class Clip {
    private static final int LONGEST = 60;

    private Clip() {}

    /// The text without control characters, cut behind 60 characters.
    static String of(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(LONGEST).forEach(c -> out.appendCodePoint(isControl(c) ? ' ' : c));
        return text.codePointCount(0, text.length()) > LONGEST ? out.append('…').toString() : out.toString();
    }

    /// Whether a terminal might act on the character instead of showing it.
    static boolean isControl(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || c == '\u2028' || c == '\u2029';
    }
}
