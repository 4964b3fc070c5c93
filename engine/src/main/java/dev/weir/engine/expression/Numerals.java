package dev.weir.engine.expression;

/// Reads the numbers of a source text.
final class Numerals {
    private Numerals() {}

    /// The literal of a number token with `-` or nothing before it.
    static Ast literal(Token token, String sign, int offset) {
        String text = token.text();
        boolean hex = text.startsWith("0x") || text.startsWith("0X");
        String digits = hex ? text.substring(2) : text;
        try {
            return switch (token.kind()) {
                case INT -> new Ast.Literal(offset, Long.parseLong(sign + digits, hex ? 16 : 10));
                case UINT -> new Ast.Literal(offset, new Unsigned(Long.parseUnsignedLong(digits, hex ? 16 : 10)));
                case DOUBLE -> new Ast.Literal(offset, Double.parseDouble(sign + text));
                case NAME, QUOTED_NAME, STRING, BYTES, OPERATOR, END ->
                    throw new IllegalArgumentException("not a number: " + token);
            };
        } catch (NumberFormatException _) {
            String range = token.kind() == Token.Kind.UINT
                    ? "a uint (64 bits)"
                    : "an int (64 bits, signed); a double has a point";
            throw new Mistake(offset, "the number " + sign + text + " does not fit " + range);
        }
    }
}
