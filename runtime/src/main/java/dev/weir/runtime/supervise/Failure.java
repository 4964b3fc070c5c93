package dev.weir.runtime.supervise;

import java.time.Instant;
import java.util.List;

/// That a child has failed.
///
/// @param at when
/// @param expected whether it is of a kind that the child's definition expects
/// @param thrown what it threw, with its stack; a [HungException] if it hung
public record Failure(Instant at, boolean expected, Throwable thrown) {

    /// What was thrown, in words.
    public String text() {
        try {
            return thrown.toString();
        } catch (RuntimeException | Error e) {
            return thrown.getClass().getName(); // a message that cannot be made must not fail its reader
        }
    }

    /// Where it was thrown, or where the child hung.
    public List<StackTraceElement> stack() {
        return List.of(thrown.getStackTrace());
    }
}
