package dev.weir.runtime;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What became of a task: a value, or what it threw.
///
/// {@snippet file="ExamplesTest.java" region="gather"}
///
/// @param <T> the type of the value
public sealed interface Outcome<T extends @Nullable Object> {

    /// The task has returned.
    ///
    /// @param <T> the type of the value
    /// @param value what it returned
    record Success<T extends @Nullable Object>(T value) implements Outcome<T> {
        @Override
        public T orThrow() {
            return value;
        }
    }

    /// The task has thrown.
    ///
    /// @param <T> the type of the value that there is not
    /// @param thrown what it threw, with the stack of the task
    record Failure<T extends @Nullable Object>(Throwable thrown) implements Outcome<T> {
        /// @param thrown what the task threw
        public Failure {
            Objects.requireNonNull(thrown, "thrown");
        }

        @Override
        public T orThrow() {
            throw new TaskFailedException("task failed: " + thrown, thrown);
        }
    }

    /// The value.
    ///
    /// @throws TaskFailedException if the task has thrown; its cause is what, its stack is the
    ///     caller's
    T orThrow();
}
