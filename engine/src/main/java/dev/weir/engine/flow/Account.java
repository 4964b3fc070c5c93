package dev.weir.engine.flow;

import dev.weir.engine.Meters;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Counts what came into a stream and what became of it. Thread-safe.
///
/// What has ended is counted by its outcome. What has not is counted where it is: in a queue, in
/// a worker's hands, in a stage, at a sink. The two are independent, so that a reading that gets
/// lost, or is counted twice, shows in the [Ledger].
final class Account {
    static final String OVERFLOW = "overflow";
    static final String SHUTDOWN = "shutdown";

    /// With which a worker hung.
    static final String HUNG = "hung";

    /// Of a worker that is not started again.
    static final String FAILED = "failed";

    /// With which the engine itself failed.
    static final String ENGINE_ERROR = "engine-error";

    final LongAdder accepted;
    final LongAdder completed;
    final LongAdder filtered;
    final LongAdder duplicate;
    final Reasons deadLettered;
    final Reasons dropped;

    /// Results of windows that are on their way to the sinks' queues.
    final LongAdder inHand = new LongAdder();

    /// Readings that wait for a sink's confirmation.
    final LongAdder inSinks = new LongAdder();

    Account(Meters meters, String stream) {
        this.accepted = counter(meters, "accepted", "Readings taken in, or results of its windows", stream);
        this.completed = counter(meters, "completed", "Readings that all sinks have confirmed", stream);
        this.filtered = counter(meters, "filtered", "Readings that a stage ended on purpose", stream);
        this.duplicate = counter(meters, "duplicate", "Readings that were seen before", stream);
        this.deadLettered =
                new Reasons(meters, "weir_stream_dead_lettered", "Readings kept as dead letters", "stream", stream);
        this.dropped = new Reasons(meters, "weir_stream_dropped", "Readings dropped by a policy", "stream", stream);
    }

    private static LongAdder counter(Meters meters, String outcome, String about, String stream) {
        return meters.counter("weir_stream_" + outcome, about, "stream", stream);
    }

    /// The balance of this stream.
    ///
    /// @param queued how many readings are in queues, stages and workers' hands
    Ledger.StreamLine line(String stream, boolean window, long queued) {
        Map<String, Long> dead = deadLettered.counts();
        Map<String, Long> lost = dropped.counts();
        return new Ledger.StreamLine(
                stream,
                window,
                accepted.sum(),
                completed.sum(),
                filtered.sum(),
                duplicate.sum(),
                dead,
                lost,
                queued + inHand.sum() + inSinks.sum());
    }
}
