package dev.weir.engine.flow;

import java.util.List;
import java.util.Map;

/// The balance of what came in and what became of it. A snapshot: while readings move its lines
/// may be off by those that are just moving; when nothing moves (everything is processed, or
/// everything waits) they are exact.
///
/// @param sources each source, in the order of the config
/// @param streams each pipeline and each stream of windows
public record Ledger(List<SourceLine> sources, List<StreamLine> streams) {
    public Ledger {
        sources = List.copyOf(sources);
        streams = List.copyOf(streams);
    }

    /// Whether every line balances.
    public boolean balanced() {
        return sources.stream().allMatch(SourceLine::balanced)
                && streams.stream().allMatch(StreamLine::balanced);
    }

    /// The balance of a source, in messages.
    ///
    /// @param source its name
    /// @param received messages that came
    /// @param accepted messages that the node has taken responsibility for
    /// @param rejected messages that were turned away, by reason
    /// @param waiting messages that wait for room in a queue now
    public record SourceLine(String source, long received, long accepted, Map<String, Long> rejected, long waiting) {
        public SourceLine {
            rejected = Map.copyOf(rejected);
        }

        /// Whether received = accepted + rejected + waiting.
        public boolean balanced() {
            return received == accepted + sum(rejected) + waiting;
        }
    }

    /// The balance of a stream, in readings.
    ///
    /// @param stream its name
    /// @param window whether it is made of the results of windows
    /// @param accepted readings taken in; a message that could not be decoded counts as one. For
    ///     windows: results emitted
    /// @param completed readings that all sinks have confirmed
    /// @param filtered readings that a stage ended on purpose
    /// @param duplicate readings that were seen before
    /// @param deadLettered readings kept as dead letters, by reason
    /// @param dropped readings dropped by a policy or at the end, by reason
    /// @param queued readings in queues, workers' hands and stages, and at sinks
    public record StreamLine(
            String stream,
            boolean window,
            long accepted,
            long completed,
            long filtered,
            long duplicate,
            Map<String, Long> deadLettered,
            Map<String, Long> dropped,
            long queued) {
        public StreamLine {
            deadLettered = Map.copyOf(deadLettered);
            dropped = Map.copyOf(dropped);
        }

        /// Whether accepted = completed + filtered + duplicate + dead-lettered + dropped + queued.
        public boolean balanced() {
            return accepted == completed + filtered + duplicate + sum(deadLettered) + sum(dropped) + queued;
        }
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
