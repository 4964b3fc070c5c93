package dev.weir.engine.expression;

/// One thing that is wrong with a source text.
///
/// @param position where
/// @param message  what was found and what was expected
public record Problem(Position position, String message) {
    /// The problem with its line and column, the source line and a caret under the place.
    public String formatted(String source) {
        int start = source.lastIndexOf('\n', position.offset() - 1) + 1;
        int end = source.indexOf('\n', position.offset());
        String line = source.substring(start, end < 0 ? source.length() : end)
                .replace("\r", "")
                .replace('\t', ' ');
        return position.line() + ":" + position.column() + ": " + message + "\n  | " + line + "\n  | "
                + " ".repeat(position.column() - 1) + "^";
    }
}
