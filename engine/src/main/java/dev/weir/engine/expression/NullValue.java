package dev.weir.engine.expression;

/// The value `null` of the language, so that Java's null never is a value.
public enum NullValue {
    /// The only one.
    NULL;

    @Override
    public String toString() {
        return "null";
    }
}
