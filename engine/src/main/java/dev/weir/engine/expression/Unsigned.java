package dev.weir.engine.expression;

/// A boxed uint of the language.
///
/// @param bits the unsigned 64-bit integer
public record Unsigned(long bits) implements Comparable<Unsigned> {
    /// The number as a double, rounded to the nearest.
    public double real() {
        if (bits >= 0) {
            return bits;
        }
        // Halving keeps the lowest bit, so that the rounding of the conversion sees it.
        return ((bits >>> 1) | (bits & 1)) * 2.0;
    }

    @Override
    public int compareTo(Unsigned other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(bits);
    }
}
