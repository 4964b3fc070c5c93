package dev.weir.engine.expression;

/// A place in a source text.
///
/// @param offset UTF-16 units before it
/// @param line   counted from 1
/// @param column in code points, counted from 1
public record Position(int offset, int line, int column) {
    /// The place of an offset in the source; an offset beyond the end is the end.
    public static Position of(String source, int offset) {
        int end = Math.clamp(offset, 0, source.length());
        int line = 1;
        int start = 0;
        for (int i = 0; i < end; i++) {
            if (source.charAt(i) == '\n') {
                line++;
                start = i + 1;
            }
        }
        return new Position(end, line, source.codePointCount(start, end) + 1);
    }
}
