package dev.weir.engine.flow;

import dev.weir.engine.Schema;
import dev.weir.engine.decode.Decoder;
import dev.weir.runtime.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// A running pipeline: its segments from left to right, and the streams that come out of it.
final class Pipeline {
    private final PipelinePlan plan;
    private final FlowParts parts;
    private final Stream stream;
    private final List<Stream> windows;
    private final List<Segment> segments;

    Pipeline(PipelinePlan plan, FlowParts parts, RareLog log, Halt halt, Watchdog watchdog) {
        this.plan = plan;
        this.parts = parts;
        this.stream = new Stream(plan.schema(), false, parts, log);
        this.windows = plan.windows().stream()
                .map(schema -> new Stream(schema, true, parts, log))
                .toList();
        this.segments = segments(halt, watchdog);
    }

    /// Stages with workers or a queue of their own begin a new segment.
    private List<Segment> segments(Halt halt, Watchdog watchdog) {
        List<List<StagePlan>> groups = new ArrayList<>();
        groups.add(new ArrayList<>());
        for (StagePlan stage : plan.stages()) {
            boolean first = groups.size() == 1 && groups.getFirst().isEmpty();
            if (stage.own().isPresent() && !first) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(stage);
        }
        var built = new ArrayList<Segment>();
        for (int i = groups.size() - 1; i >= 0; i--) {
            List<StagePlan> group = groups.get(i);
            Workforce force =
                    group.isEmpty() ? plan.workforce() : group.getFirst().own().orElse(plan.workforce());
            String name = i == 0 ? plan.name() : plan.name() + "." + (i + 1);
            var next = built.isEmpty() ? null : built.getFirst();
            built.addFirst(new Segment(
                    name, plan.lane().orElse(Lane.SAMPLE), force, steps(group), stream, windows, next, halt, watchdog));
        }
        return List.copyOf(built);
    }

    private List<Step> steps(List<StagePlan> stages) {
        return stages.stream()
                .map(stage -> new Step(
                        plan.name() + "." + stage.name(),
                        stage.stage(),
                        stage.timeout().map(java.time.Duration::toNanos).orElse(0L),
                        new LongAdder()))
                .toList();
    }

    String name() {
        return plan.name();
    }

    PipelinePlan plan() {
        return plan;
    }

    Schema schema() {
        return plan.schema();
    }

    TopicPattern pattern() {
        return plan.pattern();
    }

    Decoder decoder() {
        return plan.decoder();
    }

    int maxReading() {
        return plan.maxReading();
    }

    Optional<Lane> lane() {
        return plan.lane();
    }

    Account account() {
        return stream.account();
    }

    DeadLetters deadLetters() {
        return parts.deadLetters();
    }

    RareLog log() {
        return stream.log();
    }

    /// Where readings come in.
    Segment entrance() {
        return segments.getFirst();
    }

    List<Segment> segments() {
        return segments;
    }

    /// Its own stream first, then those of its windows.
    List<Stream> streams() {
        var all = new ArrayList<Stream>();
        all.add(stream);
        all.addAll(windows);
        return all;
    }

    /// The balance of its own stream.
    Ledger.StreamLine line() {
        long queued = segments.stream()
                .mapToLong(segment -> segment.queued() + segment.inHand() + segment.held())
                .sum();
        return stream.account().line(name(), false, queued);
    }

    List<Ledger.StreamLine> windowLines() {
        return windows.stream()
                .map(window -> window.account().line(window.name(), true, 0))
                .toList();
    }

    FlowState.PipelineState state() {
        return new FlowState.PipelineState(
                name(),
                plan.from(),
                plan.to(),
                segments.stream().map(Segment::state).toList(),
                line(),
                windowLines());
    }
}
