package dev.weir.engine.expression;

/// A place where a source text is no sentence of the language, or makes no sense; the compiler
/// makes a [Problem] of it.
final class Mistake extends RuntimeException {
    private static final long serialVersionUID = 1;
    final int offset;

    Mistake(int offset, String message) {
        super(message, null, false, false);
        this.offset = offset;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
