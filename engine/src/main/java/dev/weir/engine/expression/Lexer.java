package dev.weir.engine.expression;

import dev.weir.engine.expression.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/// Cuts a source text into tokens.
final class Lexer {
    private static final List<String> OPERATORS = List.of(
            "&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",", "(", ")",
            "[", "]", "{", "}");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String source) {
        this.source = source;
    }

    /// The tokens of the source, the last of which is [Kind#END].
    static List<Token> tokens(String source) {
        Lexer lexer = new Lexer(source);
        while (lexer.next()) {
            // each call adds one token
        }
        return lexer.tokens;
    }

    private boolean next() {
        skipBlanks();
        char c = peek(0);
        if (at >= source.length()) {
            add(Kind.END, at, "");
            return false;
        }
        if (digit(c) || (c == '.' && digit(peek(1)))) {
            number();
        } else if (c == '"' || c == '\'' || stringPrefix() > 0) {
            string();
        } else if (letter(c)) {
            int start = at;
            while (letter(peek(0)) || digit(peek(0))) {
                at++;
            }
            add(Kind.NAME, start, source.substring(start, at));
        } else if (c == '`') {
            quotedName();
        } else {
            operator();
        }
        return true;
    }

    private void add(Kind kind, int start, String text) {
        tokens.add(new Token(kind, start, text, Token.NONE));
    }

    private void skipBlanks() {
        while (at < source.length()) {
            char c = source.charAt(at);
            if (c == '/' && peek(1) == '/') {
                int end = source.indexOf('\n', at);
                at = end < 0 ? source.length() : end;
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
                at++;
            } else {
                return;
            }
        }
    }

    private char peek(int ahead) {
        return at + ahead < source.length() ? source.charAt(at + ahead) : 0;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean hex(char c) {
        return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private static boolean letter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private void number() {
        int start = at;
        boolean real = false;
        if (peek(0) == '0' && (peek(1) == 'x' || peek(1) == 'X') && hex(peek(2))) {
            at += 2;
            while (hex(peek(0))) {
                at++;
            }
        } else {
            real = decimal();
        }
        String text = source.substring(start, at);
        if (!real && (peek(0) == 'u' || peek(0) == 'U')) {
            at++;
            add(Kind.UINT, start, text);
        } else {
            add(real ? Kind.DOUBLE : Kind.INT, start, text);
        }
        if (letter(peek(0)) || digit(peek(0))) {
            throw new Mistake(at, "unexpected '" + peek(0) + "' after the number " + text);
        }
    }

    /// Steps over digits, a fraction and an exponent; answers whether there was one of the latter.
    private boolean decimal() {
        boolean real = false;
        digits();
        if (peek(0) == '.' && digit(peek(1))) {
            real = true;
            at++;
            digits();
        }
        if (peek(0) == 'e' || peek(0) == 'E') {
            int sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
            if (digit(peek(1 + sign))) {
                real = true;
                at += 1 + sign;
                digits();
            }
        }
        return real;
    }

    private void digits() {
        while (digit(peek(0))) {
            at++;
        }
    }

    /// How many letters (`r`, `b`, `br`, …) stand before a quote here; 0 when this is no prefixed
    /// string.
    private int stringPrefix() {
        int length = 0;
        while (length < 2 && "rRbB".indexOf(peek(length)) >= 0 && peek(length) != 0) {
            length++;
        }
        char quote = peek(length);
        boolean same = length == 2 && Character.toLowerCase(peek(0)) == Character.toLowerCase(peek(1));
        return (quote == '"' || quote == '\'') && !same ? length : 0;
    }

    private void string() {
        int start = at;
        int prefix = stringPrefix();
        String letters = source.substring(at, at + prefix).toLowerCase(java.util.Locale.ROOT);
        at += prefix;
        boolean triple = peek(1) == peek(0) && peek(2) == peek(0);
        String quote = source.substring(at, at + (triple ? 3 : 1));
        at += quote.length();
        boolean raw = letters.contains("r");
        int body = at;
        while (!source.startsWith(quote, at)) {
            if (at >= source.length() || (!triple && (peek(0) == '\n' || peek(0) == '\r'))) {
                throw new Mistake(start, "this string has no closing " + quote);
            }
            at += peek(0) == '\\' && !raw && at + 1 < source.length() ? 2 : 1;
        }
        Escapes escapes = new Escapes(source, body, at, raw);
        at += quote.length();
        if (letters.contains("b")) {
            tokens.add(new Token(Kind.BYTES, start, "", escapes.bytes()));
        } else {
            add(Kind.STRING, start, escapes.text());
        }
    }

    private void quotedName() {
        int end = source.indexOf('`', at + 1);
        if (end < 0) {
            throw new Mistake(at, "this name has no closing `");
        }
        String name = source.substring(at + 1, end);
        if (!name.matches("[A-Za-z0-9_.\\-/ ]+")) {
            throw new Mistake(at, "a quoted name has letters, digits and _ . - / or blanks");
        }
        add(Kind.QUOTED_NAME, at, name);
        at = end + 1;
    }

    private void operator() {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                add(Kind.OPERATOR, at, operator);
                at += operator.length();
                return;
            }
        }
        int c = source.codePointAt(at);
        String hint = switch (c) {
            case '=' -> ", equality is ==";
            case '&' -> ", and is &&";
            case '|' -> ", or is ||";
            default -> "";
        };
        String shown = Character.isISOControl(c) ? String.format("U+%04X", c) : "'" + Character.toString(c) + "'";
        throw new Mistake(at, "unexpected character " + shown + hint);
    }
}
