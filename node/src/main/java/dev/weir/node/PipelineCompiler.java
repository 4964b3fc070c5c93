package dev.weir.node;

import dev.weir.engine.FieldType;
import dev.weir.engine.Meters;
import dev.weir.engine.Schema;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Section.Located;
import dev.weir.engine.config.Section.Tag;
import dev.weir.engine.decode.Decoder;
import dev.weir.engine.decode.Decoders;
import dev.weir.engine.flow.Overflow;
import dev.weir.engine.flow.PipelinePlan;
import dev.weir.engine.flow.StagePlan;
import dev.weir.engine.flow.TopicPattern;
import dev.weir.engine.flow.Workforce;
import dev.weir.engine.stage.EventTimeOrder;
import dev.weir.engine.stage.Stage;
import dev.weir.engine.stage.Stages;
import dev.weir.engine.stage.StreamScope;
import dev.weir.runtime.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes a [PipelinePlan] of a section that was checked against [PipelineShape]: names become
/// slots, expressions code.
final class PipelineCompiler {
    private final String name;
    private final Section section;
    private final Problems problems;
    private final Meters meters;
    private final Schema schema;

    /// @param name the pipeline's, and its stream's
    PipelineCompiler(String name, Section section, Problems problems, Meters meters) {
        this.name = name;
        this.section = section;
        this.problems = problems;
        this.meters = meters;
        this.schema = new Schema(name);
    }

    /// @param sources the names of all sources: what else stands in `from:` is a stream, whose
    ///     fields are those of `inputs`
    /// @param inputs the schemas of the streams it reads from, as far as they are known
    PipelinePlan compile(Set<String> sources, List<Schema> inputs) {
        TopicPattern pattern = section.has("topic")
                ? TopicPattern.parse(section.text("topic"), section.at("topic"), problems)
                : TopicPattern.everything();
        Located<String> device = section.has("device") ? section.located("device") : null;
        List<String> from = texts("from");
        declare(pattern, inputs);
        if (section.complete() && from.stream().anyMatch(sources::contains)) {
            checkDevice(pattern, device);
        }
        Decoder decoder = Decoders.compile(section, schema, device, meters, problems);
        List<StagePlan> stages = stages();
        return new PipelinePlan(
                schema,
                from,
                pattern,
                decoder,
                stages,
                workforce(section, new Workforce(1, 1, Overflow.BLOCK)),
                section.integer("max-reading"),
                section.has("lane") ? Optional.of(lane(section.text("lane"))) : Optional.empty(),
                stages.stream()
                        .flatMap(stage -> stage.stage().results().stream())
                        .toList(),
                texts("to"));
    }

    static Lane lane(String word) {
        return Lane.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private List<String> texts(String option) {
        return section.texts(option).stream().map(Located::value).toList();
    }

    /// Fields get their slots in a fixed order: as declared, then the variables of the topic, then
    /// those of the streams that it reads from.
    private void declare(TopicPattern pattern, List<Schema> inputs) {
        section.groups("fields").forEach((field, options) -> {
            StreamScope.objection(field)
                    .ifPresent(reason -> problems.error(options.location(), "fields." + field + ": " + reason));
            FieldType type = options.has("type")
                    ? FieldType.valueOf(options.text("type").toUpperCase(Locale.ROOT))
                    : FieldType.DOUBLE;
            declare(new Schema.Field(field, type, options.textOrNull("unit")), options);
        });
        for (String variable : pattern.variables()) {
            if (!variable.equals(TopicPattern.DEVICE) && schema.slot(variable) == Schema.NONE) {
                StreamScope.objection(variable)
                        .ifPresent(reason -> problems.error(section.at("topic"), "{" + variable + "}: " + reason));
                declare(new Schema.Field(variable, FieldType.STRING, null), section);
            }
        }
        for (Schema input : inputs) {
            for (Schema.Field field : input.fields()) {
                if (schema.slot(field.name()) == Schema.NONE) {
                    declare(field, section);
                }
            }
        }
    }

    private void declare(Schema.Field field, Section where) {
        if (schema.size() >= Schema.MAX_FIELDS) {
            problems.error(
                    where.location(),
                    "pipelines." + name + ": a stream has at most " + Schema.MAX_FIELDS + " fields; '" + field.name()
                            + "' is one too many");
        } else {
            schema.declare(field);
        }
    }

    private void checkDevice(TopicPattern pattern, @Nullable Located<String> device) {
        boolean inAddress = pattern.variables().contains(TopicPattern.DEVICE);
        if (!inAddress && device == null && !Decoders.bringsDevice(section)) {
            problems.error(
                    section.at("topic"),
                    "pipelines." + name + ": nothing names the device; put {device} into `topic:`, or say which field"
                            + " it is with `device:`");
        }
    }

    private List<StagePlan> stages() {
        StreamScope scope = new StreamScope(schema);
        Duration lateness = section.duration("lateness");
        List<StagePlan> plans = new ArrayList<>();
        if (section.text("order").equals("event-time")) {
            Stage order = new EventTimeOrder(lateness, section.integer("held"), section.integer("max-reading"));
            plans.add(StagePlan.of("order", order));
        }
        for (Tag tag : section.tags("stages")) {
            Stages.compile(tag, scope, lateness, problems).ifPresent(stage -> plans.add(plan(tag, stage)));
        }
        return plans;
    }

    private StagePlan plan(Tag tag, Stage stage) {
        Section shared = tag.shared();
        boolean own = shared.has("workers") || shared.has("queue") || shared.has("overflow");
        Workforce pipeline = workforce(section, new Workforce(1, 1, Overflow.BLOCK));
        return new StagePlan(
                tag.name(),
                stage,
                own ? Optional.of(workforce(shared, pipeline)) : Optional.empty(),
                shared.has("timeout") ? Optional.of(shared.duration("timeout")) : Optional.empty());
    }

    /// What `workers`, `queue` and `overflow` say in a section; what is left out is as in
    /// `otherwise`.
    private static Workforce workforce(Section section, Workforce otherwise) {
        int queue = section.has("queue") ? section.integer("queue") : otherwise.queue();
        Overflow overflow = section.has("overflow") ? Overflow.of(section.text("overflow")) : otherwise.overflow();
        boolean auto = section.has("workers")
                ? section.isText("workers")
                : otherwise.first().isPresent();
        if (auto) {
            return Workforce.adaptive(Runtime.getRuntime().availableProcessors(), queue, overflow);
        }
        int workers = section.has("workers") ? section.integer("workers") : otherwise.workers();
        return new Workforce(workers, Math.max(queue, workers), overflow);
    }

    /// The schemas of all streams that a plan makes, by name.
    static Map<String, Schema> streams(PipelinePlan plan) {
        Map<String, Schema> streams = new java.util.LinkedHashMap<>();
        streams.put(plan.name(), plan.schema());
        plan.windows().forEach(window -> streams.put(window.stream(), window));
        return streams;
    }
}
