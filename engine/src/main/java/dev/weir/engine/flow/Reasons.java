package dev.weir.engine.flow;

import dev.weir.engine.Meters;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts by reason. A reason is a label of a metric, so there are at most [#LIMIT]; what comes
/// after is counted as `other`. Thread-safe.
final class Reasons {
    private static final int LIMIT = 64;
    private static final String OTHER = "other";

    private final Meters meters;
    private final String name;
    private final String about;
    private final String[] labels;
    private final ConcurrentHashMap<String, LongAdder> counters = new ConcurrentHashMap<>();

    /// @param labels names and values in turn, to which `reason` is added
    Reasons(Meters meters, String name, String about, String... labels) {
        this.meters = meters;
        this.name = name;
        this.about = about;
        this.labels = labels.clone();
    }

    void count(String reason) {
        count(reason, 1);
    }

    void count(String reason, long times) {
        LongAdder counter = counters.get(reason);
        if (counter == null) {
            String label = counters.size() < LIMIT ? reason : OTHER;
            counter = counters.computeIfAbsent(label, this::counter);
        }
        counter.add(times);
    }

    private LongAdder counter(String reason) {
        String[] all = java.util.Arrays.copyOf(labels, labels.length + 2);
        all[labels.length] = "reason";
        all[labels.length + 1] = reason;
        return meters.counter(name, about, all);
    }

    /// The counts above zero, sorted by reason.
    Map<String, Long> counts() {
        var counts = new TreeMap<String, Long>();
        counters.forEach((reason, counter) -> {
            long sum = counter.sum();
            if (sum != 0) {
                counts.put(reason, sum);
            }
        });
        return counts;
    }
}
