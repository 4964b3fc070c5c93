package dev.weir.node;

import dev.weir.engine.Connector.ActionType;
import dev.weir.engine.FieldType;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Shape;
import dev.weir.engine.decode.DecodeShape;
import dev.weir.engine.flow.PipelinePlan;
import dev.weir.engine.stage.StageShapes;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What may stand under the name of a pipeline.
final class PipelineShape {
    private PipelineShape() {}

    static Shape of() {
        return Shape.of(
                "Bounded stages between sources and sinks.",
                Option.required("from", Kind.texts(), "the sources it takes messages of, or streams that windows make"),
                Option.optional(
                        "topic",
                        new Kind.Text(),
                        "which addresses it takes: levels, `{variables}` that become fields, `+`, and `#` at the end;"
                                + " every address when left out"),
                Option.optional("device", new Kind.Text(), "the field that names the device, if the address does not"),
                DecodeShape.option(),
                Option.optional("fields", new Kind.MapOf(new Kind.Group(field())), "types and units of fields"),
                Option.optional("stages", new Kind.ListOf(StageShapes.stage()), "what happens to a reading, in order"),
                Option.defaulted(
                        "order",
                        Kind.choice("arrival", "event-time"),
                        "arrival",
                        "the order in which stages and rules see the readings of a device; `event-time` holds them back"
                                + " by `lateness`"),
                Option.defaulted(
                        "lateness",
                        new Kind.Span(Duration.ZERO, Duration.ofDays(3660)),
                        "0s",
                        "how much earlier than its device's latest reading one may be; also the default of windows"),
                Option.defaulted(
                        "held",
                        new Kind.Whole(1, 1_000_000),
                        "1024",
                        "with `order: event-time`: how many readings may be held back in all"),
                Option.defaulted(
                        "workers",
                        new Kind.Either(Kind.choice("auto"), new Kind.Whole(1, 1024)),
                        "auto",
                        "how many readings of different devices are worked on at once; `auto`: as the load and the"
                                + " service times want it, see [sizing.md](sizing.md#workers-auto)"),
                Option.defaulted(
                        "queue",
                        new Kind.Whole(1, 1_000_000),
                        String.valueOf(PipelinePlan.QUEUE),
                        "how many readings may wait"),
                Option.defaulted(
                        "overflow",
                        StageShapes.overflow(),
                        "block",
                        "what happens to a reading that finds the queue full"),
                Option.defaulted(
                        "max-reading",
                        new Kind.Size(16, 16 << 20),
                        "4KiB",
                        "how large a message may be; a larger one is a dead letter. Bounds the memory of the queue"),
                Option.optional(
                        "lane", NodeShape.lanes(), "the priority class of its readings; else that of the source"),
                Option.optional("to", Kind.texts(), "where readings and results of windows go: `store`, or sinks"));
    }

    private static Shape field() {
        return Shape.of(
                "A field of the stream.",
                Option.optional(
                        "type",
                        new Kind.Choice(
                                Stream.of(FieldType.values())
                                        .map(FieldType::word)
                                        .toList(),
                                List.of()),
                        "what it holds; another type in a message makes a dead letter. `double` when left out"),
                Option.optional("unit", new Kind.Text(), "its unit, shown beside values"));
    }

    /// The whole file, for the connectors on the class path.
    static Shape file() {
        List<ActionType> actions = NodeShape.connectors().stream()
                .flatMap(connector -> connector.actions().stream())
                .toList();
        return NodeShape.of(NodeShape.connectors(), of(), dev.weir.engine.rule.RuleShape.of(actions));
    }
}
