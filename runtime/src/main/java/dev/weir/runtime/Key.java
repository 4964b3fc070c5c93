package dev.weir.runtime;

import java.util.Objects;

/// Names a value in a [Context]. Two keys are the same only if they are the same object, so keep
/// it in a constant; who cannot reach the constant can neither read nor hide the value.
///
/// @param <T> the type of the value
@SuppressWarnings("UnusedTypeParameter") // ties the key to the type of its value
public final class Key<T> {
    private final String name;

    private Key(String name) {
        this.name = name;
    }

    /// A new key, different from every other.
    ///
    /// @param <T> the type of the value
    /// @param name for messages only
    public static <T> Key<T> of(String name) {
        return new Key<>(Objects.requireNonNull(name, "name"));
    }

    @Override
    public String toString() {
        return "Key(" + name + ")";
    }
}
