package dev.weir.engine.expression;

/// A word of a source text.
///
/// @param kind  what it is
/// @param start UTF-16 units before it
/// @param text  a name, an operator, a number as it is written (without the `u` of a uint), or a
///     string's decoded text
/// @param bytes the decoded octets of a bytes literal, empty for other kinds
record Token(Kind kind, int start, String text, Bytes bytes) {
    static final Bytes NONE = Bytes.of();

    enum Kind {
        NAME,
        QUOTED_NAME,
        INT,
        UINT,
        DOUBLE,
        STRING,
        BYTES,
        OPERATOR,
        END
    }

    boolean is(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    String described() {
        return switch (kind) {
            case END -> "the end";
            case STRING, BYTES -> "a string";
            case NAME, QUOTED_NAME, INT, UINT, DOUBLE, OPERATOR -> "'" + text + "'";
        };
    }
}
