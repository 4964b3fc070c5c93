package dev.weir.engine.size;

/// The regularised incomplete gamma function: the distribution of gamma-distributed times.
///
/// Below the mean its series, above it the continued fraction (DLMF 8.11.4 and 8.9.2, the latter
/// by Lentz's method), as in Press et al., "Numerical Recipes", section 6.2; the logarithm of the
/// complete function by Lanczos' approximation (g = 7, nine terms).
final class GammaFunction {
    private static final int MOST_TERMS = 100_000;
    private static final double PRECISION = 1e-13;
    private static final double TINY = 1e-300;
    private static final double[] LANCZOS = {
        0.9999999999998099,
        676.5203681218851,
        -1259.1392167224028,
        771.3234287776531,
        -176.6150291621406,
        12.507343278686905,
        -0.13857109526572012,
        9.984369578019572e-6,
        1.5056327351493116e-7
    };

    private GammaFunction() {}

    /// The logarithm of the gamma function.
    ///
    /// @param x above 0
    static double log(double x) {
        if (x < 0.5) {
            return Math.log(Math.PI / Math.sin(Math.PI * x)) - log(1 - x);
        }
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (x - 1 + i);
        }
        double t = x - 1 + 7.5;
        return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
    }

    /// The share of gamma-distributed values of that shape and scale 1 that are above `x`.
    ///
    /// @param shape above 0
    /// @param x from 0 on
    static double above(double shape, double x) {
        if (x <= 0) {
            return 1;
        }
        double front = Math.exp(shape * Math.log(x) - x - log(shape));
        return x < shape + 1 ? 1 - front * series(shape, x) : front * fraction(shape, x);
    }

    private static double series(double shape, double x) {
        double term = 1 / shape;
        double sum = term;
        for (int n = 1; n < MOST_TERMS && term > sum * PRECISION; n++) {
            term *= x / (shape + n);
            sum += term;
        }
        return sum;
    }

    private static double fraction(double shape, double x) {
        double b = x + 1 - shape;
        double c = 1 / TINY;
        double d = 1 / b;
        double value = d;
        for (int n = 1; n < MOST_TERMS; n++) {
            double a = -n * (n - shape);
            b += 2;
            d = 1 / keep(a * d + b);
            c = keep(b + a / c);
            double factor = d * c;
            value *= factor;
            if (Math.abs(factor - 1) < PRECISION) {
                break;
            }
        }
        return value;
    }

    private static double keep(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }
}
