package dev.weir.node;

import dev.weir.engine.Actuator;
import dev.weir.engine.Connector;
import dev.weir.engine.Connector.ActionType;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.Schema;
import dev.weir.engine.Sink;
import dev.weir.engine.Source;
import dev.weir.engine.config.JsonSchema;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Reference;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Section.Tag;
import dev.weir.engine.flow.AttemptPlan;
import dev.weir.engine.flow.Evaluator;
import dev.weir.engine.flow.FlowPlan;
import dev.weir.engine.flow.Overflow;
import dev.weir.engine.flow.PipelinePlan;
import dev.weir.engine.flow.SegmentPlan;
import dev.weir.engine.flow.SinkPlan;
import dev.weir.engine.flow.SourcePlan;
import dev.weir.engine.flow.Vigilance;
import dev.weir.engine.flow.Workforce;
import dev.weir.engine.rule.Action;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.stage.StreamScope;
import dev.weir.node.access.Exposure;
import dev.weir.node.access.NodeAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A node put together from its configuration, but not started: nothing is opened, bound or
/// written, so that `weir check` can do it too. Not thread-safe.
public final class NodePlan {
    private final NodeConfig config;
    private final Vigilance vigilance;
    private final NodeParts parts;
    private final List<Connector> connectors = NodeShape.connectors();
    /// As they are now; the order is the file's.
    private final Map<String, Source> sources = Collections.synchronizedMap(new LinkedHashMap<>());

    private final Map<String, Supplier<Source>> again = new LinkedHashMap<>();
    private final List<SinkPlan> sinks = new ArrayList<>();
    private final List<PipelinePlan> pipelines = new ArrayList<>();
    private final Map<String, Schema> streams = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, List<Evaluator>> evaluators = new LinkedHashMap<>();
    private final Actuators actuators;
    private final NodeAccess access;
    private Shutdown.Times times = Shutdown.Times.standard();

    private NodePlan(NodeConfig config, Vigilance vigilance) {
        this.config = config;
        this.vigilance = vigilance;
        this.parts = new NodeParts(vigilance);
        this.access = access(config, parts);
        config.sources().forEach(this::source);
        config.sinks().forEach(this::sink);
        config.pipelines().forEach(this::pipeline);
        this.actuators = new Actuators(surroundings("rules"), config.problems());
        config.rules().forEach(this::rule);
    }

    /// Reads and checks a configuration file.
    ///
    /// @param environment the variables for `${NAME}`
    public static NodeConfig load(Path file, Map<String, String> environment) {
        return NodeConfig.load(file, environment, PipelineShape.file());
    }

    /// Puts a node together. What is wrong with expressions, templates, topics, and the sum of all
    /// queues, is added to the config's problems; with errors among them the plan must not be used.
    public static NodePlan of(NodeConfig config) {
        return of(config, Vigilance.standard());
    }

    /// The same, with threads that are looked after in another way.
    static NodePlan of(NodeConfig config, Vigilance vigilance) {
        NodePlan plan = new NodePlan(config, vigilance);
        if (!config.problems().hasErrors()) {
            MemoryBound.of(plan).check(config);
        }
        return plan;
    }

    /// The JSON Schema of configuration files.
    public static String jsonSchema() {
        return JsonSchema.of("Weir node", PipelineShape.file());
    }

    /// The reference of configuration files, as Markdown; what stands under the name of a connector
    /// is in [ConnectorReference].
    public static String reference() {
        Set<String> elsewhere = new HashSet<>();
        for (Connector connector : NodeShape.connectors()) {
            connector.source().ifPresent(_ -> elsewhere.add("source " + connector.name()));
            connector.sink().ifPresent(_ -> elsewhere.add("sink " + connector.name()));
            connector.actions().forEach(action -> elsewhere.add("action " + action.name()));
        }
        return Reference.of(PipelineShape.file(), elsewhere, "options, see [connectors.md](connectors.md)");
    }

    /// The resolved pipelines and the worst case of every queue, for people. Only without errors.
    public List<String> describe() {
        return PlanText.of(this);
    }

    /// The queues and workers of all pipelines, in the order in which readings meet them. Only
    /// without errors.
    public List<SegmentPlan> segments() {
        return pipelines.stream()
                .flatMap(pipeline -> pipeline.segments().stream())
                .toList();
    }

    private static NodeAccess access(NodeConfig config, NodeParts parts) {
        NodeAccess access =
                NodeAccess.of(config.root().group("access"), config.data(), parts.meters(), config.problems());
        try {
            access.load();
        } catch (IOException e) {
            config.problems().error(config.root().at("data"), "data: " + e.getMessage());
        }
        return access;
    }

    private Surroundings surroundings(String name) {
        return surroundings(name, Optional.empty());
    }

    /// @param anonymous what a source says for itself about clients without a name
    private Surroundings surroundings(String name, Optional<String> anonymous) {
        return new Surroundings(
                config.node(),
                name,
                config.data().resolve(name),
                parts.meters(),
                parts.latest(),
                sources,
                access.at(name, anonymous),
                parts.mounts());
    }

    private void source(String name, Tag tag) {
        if (tag.section().complete()) {
            Optional<String> anonymous = Optional.ofNullable(tag.shared().textOrNull("anonymous"));
            find(tag, Connector::source).ifPresent(type -> {
                Surroundings around = surroundings(name, anonymous);
                sources.put(name, type.factory().create(tag.section(), around, config.problems()));
                again.put(name, () -> type.factory().create(tag.section(), around, new Problems()));
            });
            Exposure.check("sources." + name + "." + tag.name(), tag, Listeners.of(tag), access, config.problems());
        }
    }

    private void sink(String name, Tag tag) {
        if (tag.section().complete() && tag.shared().complete()) {
            find(tag, Connector::sink).ifPresent(type -> {
                Sink sink = type.factory().create(tag.section(), surroundings(name), config.problems());
                Workforce workforce = new Workforce(
                        1,
                        tag.shared().integer("queue"),
                        Overflow.of(tag.shared().text("overflow")));
                sinks.add(new SinkPlan(name, sink, workforce, attempts(name, tag, sink)));
            });
        }
    }

    private AttemptPlan attempts(String name, Tag tag, Sink sink) {
        AttemptPlan attempts = AttemptPlan.of("sinks." + name, tag.shared(), config.problems());
        if (attempts.hedge().isPresent() && !sink.idempotent()) {
            config.problems()
                    .error(
                            tag.shared().at("hedge"),
                            "sinks." + name + ".hedge: a " + tag.name() + " sink set up like this may take a reading"
                                    + " twice when it is sent twice; leave `hedge` out, or see " + tag.name()
                                    + " in the reference for how it becomes idempotent");
        }
        return attempts;
    }

    private <T> Optional<T> find(Tag tag, Function<Connector, Optional<T>> part) {
        return connectors.stream()
                .filter(connector -> connector.name().equals(tag.name()))
                .flatMap(connector -> part.apply(connector).stream())
                .findFirst();
    }

    /// Compiles also what is not complete, as far as it goes: one run is to find all mistakes.
    private void pipeline(String name, Section section) {
        if (!section.tag("decode").section().complete()) {
            return;
        }
        List<Schema> inputs = section.texts("from").stream()
                .map(from -> Optional.ofNullable(streams.get(from.value())))
                .flatMap(Optional::stream)
                .toList();
        PipelinePlan plan = new PipelineCompiler(name, section, config.problems(), parts.meters())
                .compile(config.sources().keySet(), inputs);
        streams.putAll(PipelineCompiler.streams(plan));
        if (section.complete()) {
            pipelines.add(plan);
        }
    }

    private void rule(String name, Section section) {
        Map<String, ActionType> types = connectors.stream()
                .flatMap(connector -> connector.actions().stream())
                .collect(Collectors.toMap(ActionType::name, Function.identity()));
        Schema schema = section.has("on") ? streams.get(section.text("on")) : null;
        if (schema == null) {
            // Over no stream at all, only what is wrong by itself can be told.
            Problems alone = new Problems();
            Rule.compile(name, section, new StreamScope(new Schema(name)), types, alone);
            config.problems().addErrors(alone);
            return;
        }
        StreamScope scope =
                config.windows().containsKey(schema.stream()) ? StreamScope.ofWindow(schema) : new StreamScope(schema);
        Rule.compile(name, section, scope, types, config.problems()).ifPresent(this::wire);
    }

    private void wire(Rule rule) {
        IdentityHashMap<Action.Send, Actuator> targets = new IdentityHashMap<>();
        rule.sends().forEach(action -> targets.put(action, actuators.of(action)));
        RuleEffects effects = new RuleEffects(targets, parts.commands(), parts.alarms(), parts.log());
        rules.add(rule);
        evaluators
                .computeIfAbsent(rule.stream(), stream -> new ArrayList<>())
                .add(reading -> rule.evaluate(reading, effects));
    }

    Vigilance vigilance() {
        return vigilance;
    }

    /// How long parts may take to close.
    Shutdown.Times times() {
        return times;
    }

    void times(Shutdown.Times other) {
        times = other;
    }

    NodeAccess access() {
        return access;
    }

    NodeConfig config() {
        return config;
    }

    NodeParts parts() {
        return parts;
    }

    Map<String, Source> sources() {
        return sources;
    }

    /// The source of that name, as it is now.
    Source source(String name) {
        return Objects.requireNonNull(sources.get(name));
    }

    /// Makes a source again from its options, in place of the one that has failed. Any thread,
    /// while the node runs.
    Source renew(String name) {
        Source renewed = Objects.requireNonNull(again.get(name)).get();
        sources.put(name, renewed);
        return renewed;
    }

    List<PipelinePlan> pipelines() {
        return pipelines;
    }

    List<SinkPlan> sinks() {
        return sinks;
    }

    List<Rule> rules() {
        return rules;
    }

    Actuators actuators() {
        return actuators;
    }

    /// The stream of that name: a pipeline's or a window's.
    Optional<Schema> stream(String name) {
        return Optional.ofNullable(streams.get(name));
    }

    /// What flows, with a store that is open.
    FlowPlan flow(long epoch, Sink store) {
        List<SinkPlan> all = new ArrayList<>(sinks);
        boolean stored = pipelines.stream().anyMatch(pipeline -> pipeline.to().contains("store"));
        if (stored) {
            all.add(SinkPlan.of("store", store));
        }
        List<SourcePlan> doors = sources.keySet().stream()
                .map(name -> new SourcePlan(name, PipelineCompiler.lane(laneOf(name))))
                .toList();
        return new FlowPlan(epoch, doors, pipelines, all, evaluators);
    }

    private String laneOf(String source) {
        Tag tag = config.sources().get(source);
        return tag == null ? "sample" : tag.shared().text("lane");
    }
}
