package dev.weir.testkit;

import dev.weir.engine.Meters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// Meters that a test reads. Thread-safe.
public final class CountingMeters implements Meters {
    private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();
    private final Map<String, LongSupplier> gauges = new ConcurrentHashMap<>();

    @Override
    public LongAdder counter(String name, String about, String... labels) {
        return counters.computeIfAbsent(key(name, labels), _ -> new LongAdder());
    }

    @Override
    public void gauge(String name, String about, LongSupplier value, String... labels) {
        gauges.put(key(name, labels), value);
    }

    /// What a counter says; 0 if nobody has asked for it.
    public long count(String name, String... labels) {
        LongAdder counter = counters.get(key(name, labels));
        return counter == null ? 0 : counter.sum();
    }

    /// What a gauge says.
    ///
    /// @throws AssertionError if nobody has registered it
    public long gauge(String name, String... labels) {
        LongSupplier gauge = gauges.get(key(name, labels));
        if (gauge == null) {
            throw new AssertionError("no gauge " + key(name, labels) + " among " + gauges.keySet());
        }
        return gauge.getAsLong();
    }

    private static String key(String name, String... labels) {
        return labels.length == 0 ? name : name + "{" + String.join(",", labels) + "}";
    }
}
