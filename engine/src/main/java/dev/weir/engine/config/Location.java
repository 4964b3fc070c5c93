package dev.weir.engine.config;

/// A place in a configuration file.
///
/// @param file the file as the user named it
/// @param line the line, from 1
/// @param column the column in characters (code points), from 1
public record Location(String file, int line, int column) {
    /// The place `columns` characters further right in the same line.
    public Location right(int columns) {
        return new Location(file, line, column + columns);
    }

    /// The place of `offset` in a value that begins here: further right, or in a later line when
    /// the value has line breaks. Exact for values in one line and for blocks (`|`), whose lines
    /// all begin in the same column.
    public Location inside(String value, int offset) {
        String before = value.substring(0, Math.clamp(offset, 0, value.length()));
        int breaks = (int) before.chars().filter(c -> c == '\n').count();
        int columns = before.codePointCount(before.lastIndexOf('\n') + 1, before.length());
        return new Location(file, line + breaks, column + columns);
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
