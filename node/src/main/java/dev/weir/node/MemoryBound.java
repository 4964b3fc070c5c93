package dev.weir.node;

import dev.weir.engine.Meters;
import dev.weir.engine.Reading;
import dev.weir.engine.Sink;
import dev.weir.engine.Tracer;
import dev.weir.engine.flow.Flow;
import dev.weir.engine.flow.FlowParts;
import dev.weir.engine.flow.QueueBound;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// How much memory the queues and states of a node can take at worst.
///
/// @param bounds each of them
record MemoryBound(List<QueueBound> bounds) {
    static MemoryBound of(NodePlan plan) {
        FlowParts real = plan.parts().forFlow(Tracer.none());
        FlowParts silent = new FlowParts(
                real.clock(),
                Meters.none(),
                real.latest(),
                real.deadLetters(),
                real.commands(),
                real.live(),
                real.tracer());
        List<QueueBound> bounds = new ArrayList<>(new Flow(plan.flow(0, new Nowhere()), silent).worstCase());
        plan.sources()
                .forEach((name, source) -> bounds.add(new QueueBound("source " + name, 1, source.worstCaseBytes())));
        plan.config().tracing().ifPresent(tracing -> bounds.addAll(tracing.worstCase()));
        plan.rules()
                .forEach(rule -> bounds.add(new QueueBound("state of rule " + rule.name(), 1, rule.worstCaseBytes())));
        return new MemoryBound(
                bounds.stream().filter(bound -> bound.total() > 0).toList());
    }

    /// Stands where the store will be.
    private static final class Nowhere implements Sink {
        @Override
        public void open() {}

        @Override
        public void write(List<Reading> batch) {}

        @Override
        public void close() {}
    }

    long total() {
        return bounds.stream().mapToLong(QueueBound::total).sum();
    }

    /// Adds a problem when it is more than the budget.
    void check(NodeConfig config) {
        if (total() > config.memoryBytes()) {
            String largest = bounds.stream()
                    .sorted(Comparator.comparingLong(QueueBound::total).reversed())
                    .limit(3)
                    .map(bound -> bound.name() + " " + mib(bound.total()))
                    .collect(Collectors.joining(", "));
            config.problems()
                    .error(
                            config.root().at("memory"),
                            "memory: queues and states can take " + mib(total()) + " at worst, but the budget is "
                                    + mib(config.memoryBytes()) + "; the largest: " + largest
                                    + ". Raise `memory:`, or lower `queue:`, `max-reading:` or `keys:` there");
        }
    }

    static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }
}
