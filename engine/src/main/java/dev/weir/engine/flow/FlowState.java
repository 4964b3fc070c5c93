package dev.weir.engine.flow;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a flow looks like now, for people and tools.
///
/// @param pipelines each pipeline
/// @param sinks each sink
/// @param actuators how those do who carry out commands
public record FlowState(List<PipelineState> pipelines, List<SinkState> sinks, Supervised actuators) {
    public FlowState {
        pipelines = List.copyOf(pipelines);
        sinks = List.copyOf(sinks);
    }

    /// A pipeline.
    ///
    /// @param name its name
    /// @param from its sources and streams
    /// @param to its sinks
    /// @param segments its queues and workers, from left to right
    /// @param counts what became of its readings
    /// @param windows what became of the results of its windows
    public record PipelineState(
            String name,
            List<String> from,
            List<String> to,
            List<SegmentState> segments,
            Ledger.StreamLine counts,
            List<Ledger.StreamLine> windows) {
        public PipelineState {
            from = List.copyOf(from);
            to = List.copyOf(to);
            segments = List.copyOf(segments);
            windows = List.copyOf(windows);
        }
    }

    /// Stages that share their workers.
    ///
    /// @param name the pipeline's, with a number from the second on
    /// @param stages their tags
    /// @param workforce workers, queue and policy
    /// @param workers how many of them work at once now
    /// @param resized the last change of that, where it follows the load
    /// @param queued how many readings wait
    /// @param inHand how many readings the workers have taken
    /// @param held how many readings the stages keep
    /// @param supervised how its workers do
    /// @param service how long a reading occupies a worker, by sample: all stages, rules, and the
    ///     way into the queues behind, waiting for room there included
    /// @param stageTimes how long each stage takes of that, without what it causes behind it
    public record SegmentState(
            String name,
            List<String> stages,
            Workforce workforce,
            int workers,
            Optional<Resized> resized,
            int queued,
            int inHand,
            long held,
            Supervised supervised,
            Sampled service,
            List<Sampled> stageTimes) {
        public SegmentState {
            stages = List.copyOf(stages);
            stageTimes = List.copyOf(stageTimes);
        }
    }

    /// A change of the number of workers.
    ///
    /// @param at when
    /// @param from how many there were
    /// @param to how many there are since
    /// @param why in words
    public record Resized(Instant at, int from, int to, String why) {}

    /// Times of a sample of readings: all those in one batch of 64.
    ///
    /// @param name what took the time
    /// @param readings how many were measured since the start
    /// @param meanNanos their mean; 0 if there are none
    /// @param deviationNanos their standard deviation; 0 if there are fewer than two
    public record Sampled(String name, long readings, double meanNanos, double deviationNanos) {}

    /// A sink.
    ///
    /// @param name its name
    /// @param workforce workers, queue and policy
    /// @param queued how many readings wait
    /// @param inHand how many readings are being written
    /// @param retries how many batches had to be tried again
    /// @param trouble why the last attempt failed; empty if it did not
    /// @param breaker whether it is left alone: `closed` (no), `open` or `half-open`; empty if
    ///     there is no breaker
    /// @param supervised how those do who write
    public record SinkState(
            String name,
            Workforce workforce,
            int queued,
            int inHand,
            long retries,
            String trouble,
            String breaker,
            Supervised supervised) {}

    /// All parts that are supervised: pipelines by their segments, sinks, and what carries out
    /// commands.
    public List<Supervised> supervised() {
        List<Supervised> all = new ArrayList<>();
        pipelines.forEach(pipeline -> pipeline.segments().forEach(segment -> all.add(segment.supervised())));
        sinks.forEach(sink -> all.add(sink.supervised()));
        all.add(actuators);
        return all;
    }
}
