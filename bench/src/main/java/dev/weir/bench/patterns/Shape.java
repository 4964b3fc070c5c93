package dev.weir.bench.patterns;

import java.util.Map;

/// A program of one shape.
@FunctionalInterface
interface Shape {
    /// Does its work once, and checks that it was done.
    ///
    /// @param n how many elements
    /// @return what was measured beside memory, by name
    Map<String, Double> run(int n) throws Exception;

    /// Elements a second.
    static Map<String, Double> rate(int n, long nanos) {
        return Map.of("rate", n * 1e9 / nanos);
    }
}
