package dev.weir.node;

/// Something that did not end in order when a node stopped.
///
/// @param level what belongs together and ends together: `sources`, `flow`, `api`, `tracing`,
///     `store`, `actuators`, `metrics`
/// @param part which of them: a thread by its name, or what it is, as people know it
/// @param why what became of it, in words
public record Unstopped(String level, String part, String why) {
    @Override
    public String toString() {
        return level + ": " + part + " " + why;
    }
}
