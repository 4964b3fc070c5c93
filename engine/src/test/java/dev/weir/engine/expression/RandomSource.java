package dev.weir.engine.expression;

import java.util.List;
import java.util.Random;

/// Makes random expressions over the variables `t`, `h` (double), `n`, `m` (int), `s` (string) and
/// `b` (bool) that type-check in CEL: a double only ever meets a double.
final class RandomSource {
    private final Random random;

    RandomSource(Random random) {
        this.random = random;
    }

    String of(Type type, int depth) {
        if (depth == 0) {
            return leaf(type);
        }
        return switch (type) {
            case Scalar.BOOL -> condition(depth - 1);
            case Scalar.DOUBLE -> real(depth - 1);
            case Scalar.INT -> whole(depth - 1);
            default -> text(depth - 1);
        };
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private String leaf(Type type) {
        return switch (type) {
            case Scalar.BOOL -> pick("b", "true", "false");
            case Scalar.DOUBLE -> pick("t", "h", "0.0", "1.5", "-2.25", "1e300", "100.0");
            case Scalar.INT -> pick("n", "m", "0", "1", "-3", "7", "9223372036854775807");
            default -> pick("s", "''", "'gh'", "'gh-1'", "'é€😀'");
        };
    }

    private String choice(Type type, int depth) {
        return "(" + of(Scalar.BOOL, depth) + " ? " + of(type, depth) + " : " + of(type, depth) + ")";
    }

    private String binary(Type type, int depth, String... operators) {
        return "(" + of(type, depth) + " " + pick(operators) + " " + of(type, depth) + ")";
    }

    private String real(int depth) {
        return switch (random.nextInt(5)) {
            case 0 -> choice(Scalar.DOUBLE, depth);
            case 1 -> "double(" + of(Scalar.INT, depth) + ")";
            case 2 -> "-(" + of(Scalar.DOUBLE, depth) + ")";
            default -> binary(Scalar.DOUBLE, depth, "+", "-", "*", "/");
        };
    }

    private String whole(int depth) {
        return switch (random.nextInt(7)) {
            case 0 -> choice(Scalar.INT, depth);
            case 1 -> "size(" + of(Scalar.STRING, depth) + ")";
            case 2 -> "int(" + of(Scalar.DOUBLE, depth) + ")";
            case 3 -> "[" + of(Scalar.INT, depth) + ", 2, 3][" + of(Scalar.INT, depth) + "]";
            default -> binary(Scalar.INT, depth, "+", "-", "*", "/", "%");
        };
    }

    private String text(int depth) {
        return switch (random.nextInt(4)) {
            case 0 -> choice(Scalar.STRING, depth);
            case 1 -> "string(" + of(Scalar.INT, depth) + ")";
            default -> binary(Scalar.STRING, depth, "+");
        };
    }

    private String condition(int depth) {
        Type type =
                List.of(Scalar.BOOL, Scalar.DOUBLE, Scalar.INT, Scalar.STRING).get(random.nextInt(4));
        return switch (random.nextInt(8)) {
            case 0 -> binary(Scalar.BOOL, depth, "&&", "||");
            case 1 -> "!" + binary(Scalar.BOOL, depth, "&&", "||", "==");
            case 2 ->
                of(Scalar.STRING, depth) + pick(".startsWith(", ".endsWith(", ".contains(") + of(Scalar.STRING, depth)
                        + ")";
            // Not of doubles: NaN is in a list of NaN for dev.cel, which is not so for CEL's equality, nor here.
            case 3 ->
                "(" + of(Scalar.INT, depth) + " in [" + of(Scalar.INT, depth) + ", " + of(Scalar.INT, depth) + "])";
            case 4 ->
                "[" + of(Scalar.INT, depth) + ", 4, -1]." + pick("all", "exists", "exists_one") + "(x, x "
                        + pick("<", "==", ">=") + " " + of(Scalar.INT, depth) + ")";
            default -> binary(type, depth, "<", "<=", ">", ">=", "==", "!=");
        };
    }
}
