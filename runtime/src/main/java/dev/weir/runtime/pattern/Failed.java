package dev.weir.runtime.pattern;

import java.util.Objects;

/// A failure that its pattern survived.
///
/// @param <T> the type of the subject
/// @param subject what it failed on: the element of a pool, the key of a client
/// @param worker the name of the thread
/// @param thrown what was thrown, with its stack
public record Failed<T>(T subject, String worker, Throwable thrown) {
    /// @throws NullPointerException if one of them is null
    public Failed {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(worker, "worker");
        Objects.requireNonNull(thrown, "thrown");
    }
}
