package dev.weir.engine.expression;

import org.jspecify.annotations.Nullable;

/// What operators mean for operands of which types.
final class Operators {
    private Operators() {}

    static Node unary(Ast.Unary ast, Node operand) {
        Type type = operand.type;
        if (ast.operator().equals("!")) {
            if (type != Scalar.BOOL && type != Scalar.DYN) {
                throw new Mistake(ast.offset(), "expected a condition (bool) after '!', but this is " + type);
            }
            return new Logic.Not(operand, ast.offset());
        }
        if (type != Scalar.INT && type != Scalar.DOUBLE && type != Scalar.DURATION && type != Scalar.DYN) {
            throw new Mistake(ast.offset(), "expected a number after '-', but this is " + type);
        }
        return new Calculate.Negative(operand, ast.offset());
    }

    static Node binary(Ast.Binary ast, Node left, Node right) {
        return switch (ast.operator()) {
            case "in" -> in(ast, left, right);
            case "+", "-", "*", "/", "%" -> arithmetic(ast, left, right);
            default -> comparison(ast, left, right);
        };
    }

    private static Node in(Ast.Binary ast, Node left, Node right) {
        Type elements = switch (right.type) {
            case Type.ListOf(Type element) -> element;
            case Type.MapOf(Type key, Type _) -> key;
            case Scalar scalar -> scalar;
        };
        if (right.type instanceof Scalar && right.type != Scalar.DYN) {
            throw new Mistake(ast.offset(), "expected a list or map after 'in', but this is " + right.type);
        }
        if (!Type.comparable(left.type, elements)) {
            throw mismatch(ast, left, right);
        }
        return new Container.In(left, right, ast.offset());
    }

    private static Node comparison(Ast.Binary ast, Node left, Node right) {
        Comparison operator = Comparison.of(ast.operator());
        boolean fits = Type.comparable(left.type, right.type);
        if (!operator.equality()) {
            fits = fits && ordered(left.type) && ordered(right.type);
        }
        if (!fits) {
            throw mismatch(ast, left, right);
        }
        return Compare.of(operator, adapted(left, right), adapted(right, left), ast.offset());
    }

    private static boolean ordered(Type type) {
        return type instanceof Scalar && type != Scalar.NULL && type != Scalar.TYPE;
    }

    private static Node arithmetic(Ast.Binary ast, Node left, Node right) {
        Arithmetic operator = Arithmetic.of(ast.operator());
        Node a = adapted(left, right);
        Node b = adapted(right, left);
        Type type = result(operator, a, b);
        if (type == null) {
            throw mismatch(ast, left, right);
        }
        return Calculate.of(operator, a, b, type, ast.offset());
    }

    /// An integer constant beside a double becomes a double.
    private static Node adapted(Node node, Node other) {
        return other.type == Scalar.DOUBLE && node.adapts() ? ((Constant) node).asReal() : node;
    }

    private static @Nullable Type result(Arithmetic operator, Node left, Node right) {
        Type a = left.type;
        Type b = right.type;
        if (a == Scalar.DYN || b == Scalar.DYN) {
            return resultBesideDyn(operator, left, right);
        }
        if (a.numeric() && a.equals(b)) {
            return operator == Arithmetic.REMAINDER && a == Scalar.DOUBLE ? null : a;
        }
        return switch (operator) {
            case ADD -> sum(a, b);
            case SUBTRACT -> difference(a, b);
            case MULTIPLY, DIVIDE, REMAINDER -> null;
        };
    }

    private static @Nullable Type resultBesideDyn(Arithmetic operator, Node left, Node right) {
        Node known = left.type == Scalar.DYN ? right : left;
        if (known.adapts()) {
            return Scalar.DYN;
        }
        if (known.type.numeric()) {
            return operator == Arithmetic.REMAINDER && known.type == Scalar.DOUBLE ? null : known.type;
        }
        boolean sums =
                known.type == Scalar.DYN || sum(known.type, known.type) != null || known.type == Scalar.TIMESTAMP;
        boolean fits = switch (operator) {
            case ADD -> sums;
            case SUBTRACT ->
                known.type == Scalar.DYN || known.type == Scalar.TIMESTAMP || known.type == Scalar.DURATION;
            case MULTIPLY, DIVIDE, REMAINDER -> known.type == Scalar.DYN;
        };
        return fits ? Scalar.DYN : null;
    }

    private static @Nullable Type sum(Type a, Type b) {
        if (a instanceof Type.ListOf && b instanceof Type.ListOf) {
            return Type.join(a, b);
        }
        boolean moment =
                (a == Scalar.TIMESTAMP && b == Scalar.DURATION) || (a == Scalar.DURATION && b == Scalar.TIMESTAMP);
        if (moment) {
            return Scalar.TIMESTAMP;
        }
        return a.equals(b) && (a == Scalar.STRING || a == Scalar.BYTES || a == Scalar.DURATION) ? a : null;
    }

    private static @Nullable Type difference(Type a, Type b) {
        if (b == Scalar.DURATION && (a == Scalar.TIMESTAMP || a == Scalar.DURATION)) {
            return a;
        }
        return a == Scalar.TIMESTAMP && b == Scalar.TIMESTAMP ? Scalar.DURATION : null;
    }

    private static Mistake mismatch(Ast.Binary ast, Node left, Node right) {
        boolean numbers = left.type.numeric() && right.type.numeric();
        boolean text = left.type == Scalar.STRING || right.type == Scalar.STRING;
        String hint = numbers && !left.type.equals(right.type)
                ? ", convert one, as in double(x)"
                : text && ast.operator().equals("+") ? ", convert one, as in string(x)" : "";
        return new Mistake(
                ast.offset(), "no operator '" + ast.operator() + "' for " + left.type + " and " + right.type + hint);
    }
}
