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

    Pipeline(PipelinePlan plan, FlowParts parts, Vigilance vigilance, RareLog log, Halt halt, Watchdog watchdog) {
        this.plan = plan;
        this.parts = parts;
        this.stream = new Stream(plan.schema(), false, parts, log);
        this.windows = plan.windows().stream()
                .map(schema -> new Stream(schema, true, parts, log))
                .toList();
        this.segments = segments(vigilance, halt, watchdog);
    }

    private List<Segment> segments(Vigilance vigilance, Halt halt, Watchdog watchdog) {
        var built = new ArrayList<Segment>();
        for (SegmentPlan segment : plan.segments().reversed()) {
            var next = built.isEmpty() ? null : built.getFirst();
            built.addFirst(new Segment(
                    segment.name(),
                    new Crew(
                            "weir-" + segment.name(),
                            "pipeline " + segment.name(),
                            plan.lane().orElse(Lane.SAMPLE),
                            parts.meters(),
                            vigilance,
                            vigilance.heartbeat()),
                    segment.workforce(),
                    steps(segment.stages()),
                    stream,
                    windows,
                    next,
                    halt,
                    watchdog,
                    samples("segment", segment.name())));
        }
        return List.copyOf(built);
    }

    private List<Step> steps(List<StagePlan> stages) {
        return stages.stream()
                .map(stage -> new Step(
                        plan.name() + "." + stage.name(),
                        stage.stage(),
                        stage.timeout().map(java.time.Duration::toNanos).orElse(0L),
                        new LongAdder(),
                        samples("stage", plan.name() + "." + plan.stages().indexOf(stage) + "." + stage.name())))
                .toList();
    }

    /// @param label `segment` or `stage`: what `name` is the name of
    private ServiceSamples samples(String label, String name) {
        return new ServiceSamples(
                parts.meters()
                        .counter(
                                "weir_" + label + "_sampled_readings",
                                "Readings whose service time was measured, one batch in 64",
                                label,
                                name),
                parts.meters()
                        .counter(
                                "weir_" + label + "_sampled_nanoseconds",
                                "Their service time: over their number it is the mean",
                                label,
                                name));
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
