package dev.weir.engine.config;

/// One thing that is wrong, or doubtful, in a configuration file.
///
/// @param severity whether the file can be used all the same
/// @param location where
/// @param message what was found, what was expected, and the nearest valid name where there is one
public record Problem(Severity severity, Location location, String message) {
    /// How much a problem matters.
    public enum Severity {
        /// The file is refused.
        ERROR,
        /// The file is accepted; the author probably meant something else.
        WARNING
    }

    @Override
    public String toString() {
        return location + ": " + severity.name().toLowerCase(java.util.Locale.ROOT) + ": " + message;
    }
}
