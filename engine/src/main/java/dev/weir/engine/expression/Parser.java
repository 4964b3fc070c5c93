package dev.weir.engine.expression;

import dev.weir.engine.expression.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Builds the tree by recursive descent. Each level of recursion goes through [#conditional] or
/// [#unary], which count it.
final class Parser {
    /// Words that CEL keeps for other languages; the literals and `in` are tokens of their own.
    static final Set<String> RESERVED = Set.of(
            "as",
            "break",
            "const",
            "continue",
            "else",
            "for",
            "function",
            "if",
            "import",
            "let",
            "loop",
            "package",
            "namespace",
            "return",
            "var",
            "void",
            "while",
            "in");
    private static final List<Set<String>> LEVELS =
            List.of(Set.of("==", "!=", "<", "<=", ">", ">=", "in"), Set.of("+", "-"), Set.of("*", "/", "%"));

    private final List<Token> tokens;
    private int at;
    private int nesting;

    private Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static Ast parse(String source) {
        if (source.length() > Limits.SOURCE) {
            throw new Mistake(
                    Limits.SOURCE,
                    "an expression is at most " + Limits.SOURCE + " characters, but has " + source.length());
        }
        Parser parser = new Parser(Lexer.tokens(source));
        Ast ast = parser.conditional();
        if (parser.token().kind() != Kind.END) {
            throw parser.expected("an operator or the end");
        }
        checkHeight(ast);
        return ast;
    }

    /// Nesting bounds the recursion here, but chains inside of brackets inside of chains make
    /// higher trees.
    private static void checkHeight(Ast ast) {
        List<Ast> level = List.of(ast);
        for (int height = 0; !level.isEmpty(); height++) {
            if (height > Limits.HEIGHT) {
                throw new Mistake(level.getFirst().offset(), "more than " + Limits.HEIGHT + " levels of operators");
            }
            List<Ast> below = new ArrayList<>();
            for (Ast node : level) {
                below.addAll(Trees.children(node));
            }
            level = below;
        }
    }

    private Token token() {
        return tokens.get(at);
    }

    private Token take() {
        return tokens.get(at++);
    }

    private boolean accept(String operator) {
        if (token().is(operator)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String operator) {
        if (!accept(operator)) {
            throw expected("'" + operator + "'");
        }
    }

    private Mistake expected(String what) {
        return new Mistake(token().start(), "expected " + what + ", found " + token().described());
    }

    private void enter() {
        if (++nesting > Limits.NESTING) {
            throw new Mistake(token().start(), "nested deeper than " + Limits.NESTING + " levels");
        }
    }

    private Ast conditional() {
        enter();
        Ast test = logic(false);
        int offset = token().start();
        if (accept("?")) {
            Ast then = logic(false);
            expect(":");
            test = new Ast.Conditional(offset, test, then, conditional());
        }
        nesting--;
        return test;
    }

    private Ast logic(boolean all) {
        String operator = all ? "&&" : "||";
        Ast first = all ? binary(0) : logic(true);
        if (!token().is(operator)) {
            return first;
        }
        int offset = token().start();
        List<Ast> terms = new ArrayList<>(List.of(first));
        while (accept(operator)) {
            terms.add(all ? binary(0) : logic(true));
        }
        return new Ast.Logic(offset, all, terms);
    }

    private Ast binary(int level) {
        if (level == LEVELS.size()) {
            return unary();
        }
        Ast left = binary(level + 1);
        int chain = 0;
        while (isBinary(level)) {
            Token operator = take();
            if (++chain > Limits.HEIGHT / 2) {
                throw new Mistake(
                        operator.start(), "more than " + Limits.HEIGHT / 2 + " operators in a row, use brackets");
            }
            left = new Ast.Binary(operator.start(), operator.text(), left, binary(level + 1));
        }
        return left;
    }

    private boolean isBinary(int level) {
        Token token = token();
        boolean word = token.kind() == Kind.NAME && token.text().equals("in");
        return (token.kind() == Kind.OPERATOR || word) && LEVELS.get(level).contains(token.text());
    }

    private Ast unary() {
        Token sign = token();
        if (sign.is("-")
                && (tokens.get(at + 1).kind() == Kind.INT || tokens.get(at + 1).kind() == Kind.DOUBLE)) {
            at++;
            return postfix(Numerals.literal(take(), "-", sign.start()));
        }
        if (!sign.is("!") && !sign.is("-")) {
            return postfix(primary());
        }
        at++;
        enter();
        Ast operand = unary();
        nesting--;
        return new Ast.Unary(sign.start(), sign.text(), operand);
    }

    private Ast postfix(Ast operand) {
        Ast ast = operand;
        for (int chain = 0; ; chain++) {
            Token token = token();
            if (chain > Limits.NESTING) {
                throw new Mistake(token.start(), "more than " + Limits.NESTING + " selections in a row");
            }
            if (accept(".")) {
                ast = selection(ast);
            } else if (accept("[")) {
                refuseOptional();
                Ast index = conditional();
                expect("]");
                ast = new Ast.Index(token.start(), ast, index);
            } else if (token.is("{") && (ast instanceof Ast.Name || ast instanceof Ast.Select)) {
                throw new Mistake(token.start(), "protobuf messages are not part of the language here");
            } else {
                return ast;
            }
        }
    }

    private void refuseOptional() {
        if (token().is("?")) {
            throw new Mistake(token().start(), "optional values are not part of the language here, use has()");
        }
    }

    private Ast selection(Ast operand) {
        refuseOptional();
        Token field = token();
        if (field.kind() != Kind.NAME && field.kind() != Kind.QUOTED_NAME) {
            throw expected("a name after '.'");
        }
        at++;
        if (field.kind() == Kind.NAME && accept("(")) {
            return new Ast.Member(field.start(), operand, field.text(), arguments(")"));
        }
        return new Ast.Select(field.start(), operand, field.text());
    }

    private List<Ast> arguments(String close) {
        List<Ast> arguments = new ArrayList<>();
        while (!token().is(close)) {
            refuseOptional();
            arguments.add(conditional());
            if (!accept(",")) {
                break;
            }
            if (token().is(")")) {
                throw expected("an argument");
            }
        }
        expect(close);
        return arguments;
    }

    private Ast primary() {
        Token token = token();
        return switch (token.kind()) {
            case INT, UINT, DOUBLE -> Numerals.literal(take(), "", token.start());
            case STRING -> new Ast.Literal(take().start(), token.text());
            case BYTES -> new Ast.Literal(take().start(), token.bytes());
            case NAME -> name(take(), "");
            case OPERATOR -> bracketed();
            case QUOTED_NAME -> throw new Mistake(token.start(), "a name in ` follows a '.'");
            case END -> throw expected("a value");
        };
    }

    private Ast name(Token token, String root) {
        String name = token.text();
        switch (name) {
            case "true", "false" -> {
                return new Ast.Literal(token.start(), name.equals("true"));
            }
            case "null" -> {
                return new Ast.Literal(token.start(), NullValue.NULL);
            }
            default -> {
                if (RESERVED.contains(name)) {
                    throw new Mistake(token.start(), "'" + name + "' is a reserved word");
                }
            }
        }
        if (accept("(")) {
            return new Ast.Call(token.start(), root + name, arguments(")"));
        }
        return new Ast.Name(token.start(), root + name);
    }

    private Ast bracketed() {
        Token open = token();
        if (accept("(")) {
            Ast inner = conditional();
            expect(")");
            return inner;
        }
        if (accept("[")) {
            return new Ast.ListOf(open.start(), arguments("]"));
        }
        if (accept("{")) {
            return map(open.start());
        }
        if (accept(".") && token().kind() == Kind.NAME) {
            // A leading dot means the outermost scope: it sees past the variables of macros.
            return name(take(), ".");
        }
        throw expected("a value");
    }

    private Ast map(int offset) {
        List<Ast> keys = new ArrayList<>();
        List<Ast> values = new ArrayList<>();
        while (!token().is("}")) {
            refuseOptional();
            keys.add(conditional());
            expect(":");
            values.add(conditional());
            if (!accept(",")) {
                break;
            }
        }
        expect("}");
        return new Ast.MapOf(offset, keys, values);
    }
}
