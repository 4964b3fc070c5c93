package dev.weir.node.store;

import dev.weir.engine.Meters;
import java.util.concurrent.atomic.LongAdder;

/// What the store counts.
record StoreMeters(
        LongAdder rows,
        LongAdder commits,
        LongAdder commitNanos,
        LongAdder refusedFields,
        LongAdder droppedPeriods,
        LongAdder queries) {
    static StoreMeters in(Meters meters) {
        return new StoreMeters(
                meters.counter("weir_store_rows", "Readings and windows written to the store"),
                meters.counter("weir_store_commits", "Transactions of the store that are on the disk"),
                meters.counter("weir_store_commit_nanoseconds", "Time spent waiting for the disk in commits"),
                meters.counter("weir_store_fields_refused", "Fields not kept, because their stream has 256 already"),
                meters.counter("weir_store_periods_dropped", "Times that retention removed a stretch of old readings"),
                meters.counter("weir_store_queries", "Questions that the store answered"));
    }
}
