package dev.weir.engine.expression;

/// A name that an expression can read.
///
/// @param name what the source calls it
/// @param type what it is declared to hold, [Scalar#DYN] when it is not declared
/// @param slot where [Bindings] keep it, 0 or more
public record Variable(String name, Type type, int slot) {
    /// Checks the slot.
    public Variable {
        if (slot < 0) {
            throw new IllegalArgumentException("slot must be at least 0, but was " + slot);
        }
    }
}
