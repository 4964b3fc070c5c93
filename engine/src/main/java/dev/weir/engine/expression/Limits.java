package dev.weir.engine.expression;

/// What bounds the compiling and the evaluation of an expression, whoever wrote it.
public final class Limits {
    /// UTF-16 units in a source text.
    public static final int SOURCE = 8 * 1024;

    /// Brackets, calls, conditions and signs inside one another.
    public static final int NESTING = 64;

    /// Operators of one chain (`a + b + c`), and levels of a compiled tree.
    public static final int HEIGHT = 256;

    /// Problems that one [ExpressionException] carries.
    public static final int PROBLEMS = 20;

    /// Elements that all macros of one evaluation visit together.
    public static final int STEPS = 10_000;

    /// Elements of a list or map that an evaluation makes.
    public static final int ELEMENTS = 10_000;

    /// Elements of a range: few letters of source make it, many times over.
    public static final int RANGE = 1_000;

    /// Elements of a list whose repetitions are to be dropped, which compares each with each.
    public static final int DISTINCT = 1_000;

    /// UTF-16 units of a string, or octets of bytes, that an evaluation makes.
    public static final int TEXT = 64 * 1024;

    /// Units of text, octets and elements of what the macros of one evaluation make, together.
    public static final int WORK = 100_000;

    /// Instructions of a compiled regular expression.
    public static final int PATTERN = 1_000;

    /// Characters of the source of a regular expression.
    public static final int PATTERN_SOURCE = 1_000;

    /// Instructions of a regular expression times characters of the text that it is matched with.
    public static final int MATCHING = 4_000_000;

    private Limits() {}
}
