package dev.weir.engine.config;

/// A place in a configuration file.
///
/// @param file the file as the user named it
/// @param line the line, from 1
/// @param column the column in characters, from 1
public record Location(String file, int line, int column) {
    /// The place `columns` characters further right in the same line.
    public Location right(int columns) {
        return new Location(file, line, column + columns);
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
