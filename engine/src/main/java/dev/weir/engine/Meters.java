package dev.weir.engine;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// Where engine and connectors count. The node shows it as metrics; names are `weir_` plus words
/// in snake case, without the
/// suffix `_total`, which the exposition adds to counters.
public interface Meters {
    /// The counter of that name and labels; the same object for the same arguments.
    ///
    /// @param labels names and values in turn; values come from a fixed set (never from a device)
    LongAdder counter(String name, String about, String... labels);

    /// Registers a value that is read when somebody looks.
    void gauge(String name, String about, LongSupplier value, String... labels);

    /// Counts into objects that nobody reads: for tests and `weir check`.
    static Meters none() {
        return new Meters() {
            @Override
            public LongAdder counter(String name, String about, String... labels) {
                return new LongAdder();
            }

            @Override
            public void gauge(String name, String about, LongSupplier value, String... labels) {}
        };
    }
}
