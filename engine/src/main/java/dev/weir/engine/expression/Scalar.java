package dev.weir.engine.expression;

import java.util.Locale;

/// A type without parameters.
public enum Scalar implements Type {
    /// `true` or `false`; a Java `boolean`.
    BOOL,

    /// A signed 64-bit integer; a Java `long`. Arithmetic that overflows is an error.
    INT,

    /// An unsigned 64-bit integer; the bits of a Java `long`, boxed as [Unsigned].
    UINT,

    /// An IEEE 754 number; a Java `double`.
    DOUBLE,

    /// Text; a Java `String`, whose length and indices count code points.
    STRING,

    /// Octets; [Bytes].
    BYTES,

    /// The type of `null`; [NullValue].
    NULL,

    /// A moment; a Java `Instant` of the years 1 to 9999.
    TIMESTAMP,

    /// A length of time; a Java `Duration`.
    DURATION,

    /// The type of types.
    TYPE,

    /// Known only when evaluated. Operations check the value then, and a wrong type is an
    /// [EvaluationException].
    DYN;

    @Override
    public String toString() {
        return this == NULL ? "null_type" : name().toLowerCase(Locale.ROOT);
    }
}
