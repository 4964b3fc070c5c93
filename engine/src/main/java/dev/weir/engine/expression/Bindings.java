package dev.weir.engine.expression;

/// The values that an expression reads, by slot. A reading is one: its fields lie in slots of
/// primitive arrays.
///
/// An expression reads on the thread that evaluates it; it asks [#kind] before it takes a value,
/// and only takes values of that kind.
public interface Bindings {
    /// What the slot holds.
    Kind kind(int slot);

    /// The number in a slot of kind [Kind#DOUBLE]; unspecified for other kinds.
    double real(int slot);

    /// The integer in a slot of kind [Kind#LONG]; unspecified for other kinds.
    long whole(int slot);

    /// The truth value in a slot of kind [Kind#BOOLEAN]; unspecified for other kinds.
    boolean flag(int slot);

    /// The value in a slot of any kind but [Kind#ABSENT], boxed where it is primitive (see the
    /// package's list of values).
    Object value(int slot);

    /// Whether the slot holds anything.
    default boolean has(int slot) {
        return kind(slot) != Kind.ABSENT;
    }
}
