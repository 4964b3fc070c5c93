package dev.weir.node;

import dev.weir.engine.Meters;
import dev.weir.engine.flow.Flow;
import dev.weir.engine.flow.FlowState.SegmentState;
import dev.weir.engine.flow.FlowState.SinkState;
import dev.weir.engine.flow.Ledger.SourceLine;
import dev.weir.engine.rule.Alarm;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Severity;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// What an operator watches: how full each queue is and how full it may be, who waits, which
/// alarms are up, what stages and rules have counted for themselves. Read when somebody looks.
final class NodeGauges {
    private static final String QUEUED = "weir_queue_readings";
    private static final String LIMIT = "weir_queue_limit_readings";

    private static final List<String> BREAKER = List.of("closed", "half-open", "open");

    private NodeGauges() {}

    static void register(NodePlan plan, Flow flow, Meters meters) {
        flow.state()
                .pipelines()
                .forEach(pipeline -> pipeline.segments().forEach(segment -> queue(segment, flow, meters)));
        flow.state().sinks().forEach(sink -> queue(sink, flow, meters));
        flow.ledger().sources().forEach(source -> waiting(source, flow, meters));
        for (Severity severity : Severity.values()) {
            Predicate<Alarm> same = alarm -> alarm.severity() == severity;
            meters.gauge(
                    "weir_alarms_active",
                    "Alarms that are up",
                    () -> plan.parts().alarms().active().stream().filter(same).count(),
                    "severity",
                    severity.word());
        }
        plan.pipelines().forEach(pipeline -> {
            for (int i = 0; i < pipeline.stages().size(); i++) {
                var stage = pipeline.stages().get(i);
                String name = pipeline.name() + "." + i + "." + stage.name();
                stage.stage()
                        .counts()
                        .keySet()
                        .forEach(word -> meters.gauge(
                                "weir_stage_events",
                                "What a stage has counted since the start: late, evicted, …",
                                () -> stage.stage().counts().getOrDefault(word, 0L),
                                "stage",
                                name,
                                "event",
                                word));
            }
        });
        plan.rules().forEach(rule -> counts(rule, meters));
    }

    private static void queue(SegmentState segment, Flow flow, Meters meters) {
        meters.gauge(
                "weir_segment_workers",
                "Workers of a segment that may work at once",
                () -> flow.state().pipelines().stream()
                        .flatMap(pipeline -> pipeline.segments().stream())
                        .filter(now -> now.name().equals(segment.name()))
                        .mapToLong(SegmentState::workers)
                        .sum(),
                "segment",
                segment.name());
        queue(
                "pipeline " + segment.name(),
                segment.workforce().queue(),
                meters,
                () -> flow.state().pipelines().stream()
                        .flatMap(pipeline -> pipeline.segments().stream())
                        .filter(now -> now.name().equals(segment.name()))
                        .mapToLong(SegmentState::queued)
                        .sum());
    }

    private static void queue(SinkState sink, Flow flow, Meters meters) {
        queue(
                "sink " + sink.name(),
                sink.workforce().queue(),
                meters,
                () -> flow.state().sinks().stream()
                        .filter(now -> now.name().equals(sink.name()))
                        .mapToLong(SinkState::queued)
                        .sum());
        if (!sink.breaker().isEmpty()) {
            meters.gauge(
                    "weir_sink_breaker_open",
                    "Whether a sink is left alone: 0 no, 1 it is tried, 2 yes",
                    () -> flow.state().sinks().stream()
                            .filter(now -> now.name().equals(sink.name()))
                            .mapToLong(now -> BREAKER.indexOf(now.breaker()))
                            .sum(),
                    "sink",
                    sink.name());
        }
    }

    private static void queue(String name, int limit, Meters meters, LongSupplier queued) {
        meters.gauge(QUEUED, "Readings that wait in a queue", queued, "queue", name);
        meters.gauge(LIMIT, "Readings that may wait in a queue", () -> limit, "queue", name);
    }

    private static void waiting(SourceLine source, Flow flow, Meters meters) {
        meters.gauge(
                "weir_source_waiting_messages",
                "Messages that wait at the door because a queue is full",
                () -> flow.ledger().sources().stream()
                        .filter(now -> now.source().equals(source.source()))
                        .mapToLong(SourceLine::waiting)
                        .sum(),
                "source",
                source.source());
    }

    private static void counts(Rule rule, Meters meters) {
        rule.counts()
                .keySet()
                .forEach(word -> meters.gauge(
                        "weir_rule_events",
                        "What a rule has counted since the start: raised, cleared, skipped, failed, …",
                        () -> rule.counts().getOrDefault(word, 0L),
                        "rule",
                        rule.name(),
                        "event",
                        word));
    }
}
