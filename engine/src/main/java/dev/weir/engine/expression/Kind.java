package dev.weir.engine.expression;

/// What a slot of [Bindings] holds at the moment, so that it can be read without boxing.
public enum Kind {
    /// Nothing; reading it is an error of the evaluation, `has(name)` is false.
    ABSENT,
    /// A `double`: read with [Bindings#real].
    DOUBLE,
    /// A signed `long`: read with [Bindings#whole].
    LONG,
    /// A `boolean`: read with [Bindings#flag].
    BOOLEAN,
    /// A `String`: read with [Bindings#value].
    STRING,
    /// Any other value of the language: read with [Bindings#value].
    OTHER
}
