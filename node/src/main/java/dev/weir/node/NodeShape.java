package dev.weir.node;

import dev.weir.engine.Connector;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Shape;
import dev.weir.engine.flow.AttemptPlan;
import dev.weir.engine.stage.StageShapes;
import dev.weir.node.access.AccessShape;
import dev.weir.node.tracing.TracingConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/// The shape of a node's configuration file: what the checks, the reference and the JSON Schema are
/// made of.
public final class NodeShape {
    /// Protocols that later versions bring, so that the file of a later version is refused by name.
    private static final List<String> LATER_SOURCES = List.of("modbus", "opcua", "gpio", "i2c", "spi", "serial");

    private static final List<String> LATER_SINKS = List.of("modbus", "opcua", "gpio", "file");

    private NodeShape() {}

    /// The connectors on the class path, sorted by name.
    public static List<Connector> connectors() {
        return ServiceLoader.load(Connector.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(Connector::name))
                .toList();
    }

    /// The whole file.
    ///
    /// @param connectors what may stand in `sources:` and `sinks:`
    /// @param pipeline one pipeline: has `from`, `to` and `stages`, among others
    /// @param rule one rule: has `on`, among others
    public static Shape of(List<Connector> connectors, Shape pipeline, Shape rule) {
        return Shape.of(
                "A node: what comes in, what happens to it, where it goes.",
                Option.optional(
                        "node",
                        new Kind.Text(),
                        "the node's name: a letter or digit, then letters, digits, `.`, `_`, `-`, at most 63;"
                                + " the host name when left out"),
                Option.optional(
                        "data",
                        new Kind.Text(),
                        "the folder of the store, relative to the working directory; `./data/` and the node's name"
                                + " when left out"),
                Option.defaulted(
                        "memory",
                        new Kind.Size(1 << 20, 1L << 40),
                        "160MiB",
                        "the budget for queues and windows; a file whose worst case is larger is refused"),
                Option.required("sources", new Kind.MapOf(sources(connectors)), "where readings come in, by name"),
                Option.required("pipelines", new Kind.MapOf(new Kind.Group(pipeline)), "what happens to them, by name"),
                Option.optional("rules", new Kind.MapOf(new Kind.Group(rule)), "what follows from them, by name"),
                Option.optional("sinks", new Kind.MapOf(sinks(connectors)), "ways out beside `store`, by name"),
                Option.defaulted("store", new Kind.Group(store()), "{}", "what is kept on the node's disk"),
                Option.defaulted("api", new Kind.Group(api()), "{}", "the HTTP interface"),
                Option.defaulted("access", new Kind.Group(AccessShape.of()), "{}", "who may come in, and do what"),
                Option.defaulted("logs", new Kind.Group(logs()), "{}", "what the node says on standard error"),
                Option.optional(
                        "tracing",
                        new Kind.Group(TracingConfig.shape()),
                        "single readings followed on their way through"),
                Option.later("hub"),
                Option.later("journal"));
    }

    private static Kind sources(List<Connector> connectors) {
        Map<String, Kind> tags = new LinkedHashMap<>();
        connectors.forEach(connector ->
                connector.source().ifPresent(type -> tags.put(connector.name(), group(type.shape()))));
        LATER_SOURCES.forEach(name -> tags.putIfAbsent(name, new Kind.Later()));
        return new Kind.Tagged(
                "source",
                tags,
                Shape.of(
                        "What every source may have.",
                        Option.defaulted(
                                "ack",
                                new Kind.Choice(List.of("received"), List.of("journaled", "delivered")),
                                "received",
                                "when the device is told that its message is safe: `received`, once it is in memory"),
                        Option.defaulted("lane", lanes(), "sample", "the priority class of its readings"),
                        AccessShape.ofSource()));
    }

    private static Kind sinks(List<Connector> connectors) {
        Map<String, Kind> tags = new LinkedHashMap<>();
        connectors.forEach(connector ->
                connector.sink().ifPresent(type -> tags.put(connector.name(), group(type.shape()))));
        LATER_SINKS.forEach(name -> tags.putIfAbsent(name, new Kind.Later()));
        List<Option> shared = new ArrayList<>();
        shared.add(
                Option.defaulted("queue", new Kind.Whole(1, 1_000_000), "1024", "how many readings may wait for it"));
        shared.add(Option.defaulted(
                "overflow", StageShapes.overflow(), "block", "what happens to a reading that finds the queue full"));
        shared.addAll(AttemptPlan.options());
        return new Kind.Tagged("sink", tags, new Shape("What every sink may have.", shared));
    }

    /// The priority classes, as options choose them.
    public static Kind lanes() {
        return Kind.choice("alarm", "state", "sample");
    }

    private static Kind group(Shape shape) {
        return new Kind.Group(shape);
    }

    private static Shape store() {
        return Shape.of(
                "The local store: readings, windows, alarms and dead letters in `store.db`.",
                Option.defaulted(
                        "retain",
                        new Kind.Span(Duration.ofHours(1), Duration.ofDays(18_250)),
                        "30d",
                        "how long readings are kept, by event time"),
                Option.defaulted(
                        "max-size",
                        new Kind.Size(1 << 20, 1L << 50),
                        "1GiB",
                        "how large the store may become; the oldest goes first"),
                Option.defaulted(
                        "dead-letters",
                        new Kind.Whole(1, 10_000_000),
                        "10000",
                        "how many dead letters are kept; the oldest goes first"));
    }

    private static Shape api() {
        return Shape.of(
                "The HTTP interface: health, metrics, values, alarms.",
                Option.defaulted("listen", new Kind.Address(), "127.0.0.1:8080", "where it listens"));
    }

    private static Shape logs() {
        return Shape.of(
                "Logs: one line for each event, on standard error.",
                Option.defaulted(
                        "level", Kind.choice("error", "warn", "info", "debug"), "warn", "the least that is written"),
                Option.defaulted("format", Kind.choice("key-value", "json"), "key-value", "how a line is written"));
    }
}
