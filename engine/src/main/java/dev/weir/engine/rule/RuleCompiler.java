package dev.weir.engine.rule;

import dev.weir.engine.Connector.ActionType;
import dev.weir.engine.Schema;
import dev.weir.engine.Template;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Section.Located;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.expression.Scalar;
import dev.weir.engine.expression.Type;
import dev.weir.engine.stage.Formulas;
import dev.weir.engine.stage.StreamScope;
import dev.weir.runtime.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes a rule of what the configuration says.
final class RuleCompiler {
    private final String name;
    private final StreamScope scope;
    private final Map<String, ActionType> types;
    private final Problems problems;
    private boolean sound = true;

    RuleCompiler(String name, StreamScope scope, Map<String, ActionType> types, Problems problems) {
        this.name = name;
        this.scope = scope;
        this.types = Map.copyOf(types);
        this.problems = problems;
    }

    /// Expressions first: the fields they name are known when templates are looked at. Of an
    /// incomplete section as much is looked at as is there, to find all mistakes at once.
    Optional<Rule> compile(Section section) {
        sound = section.complete();
        Expression when = section.has("when") ? expression(section.located("when"), Scalar.BOOL) : null;
        Expression until = section.has("until") ? expression(section.located("until"), Scalar.BOOL) : null;
        Tracking tracking = section.has("track") ? tracking(section) : null;
        List<Action> actions = actions(section, "do");
        List<Action> otherwise = actions(section, "otherwise");
        if (!sound || when == null) {
            return Optional.empty();
        }
        return Optional.of(new Rule(new Rule.Definition(
                name,
                section.text("on"),
                when,
                until,
                new Memory.Timing(
                        section.duration("for").toNanos(),
                        section.duration("cooldown").toNanos(),
                        tracking),
                Lane.valueOf(section.text("lane").toUpperCase(Locale.ROOT)),
                actions,
                otherwise,
                section.integer("keys"))));
    }

    private @Nullable Expression expression(Located<String> formula, Type type) {
        Optional<Expression> expression = Formulas.compile(formula, scope, type, problems);
        sound &= expression.isPresent();
        return expression.orElse(null);
    }

    private @Nullable Tracking tracking(Section section) {
        boolean bare = section.isText("track");
        if (!bare && !section.group("track").complete()) {
            return null;
        }
        Located<String> field =
                bare ? section.located("track") : section.group("track").located("field");
        Expression value = expression(field, Scalar.DOUBLE);
        if (value == null || !section.has("when")) {
            return null;
        }
        boolean least = bare
                ? Tracking.isLeast(field.value(), section.text("when"))
                : section.group("track").text("keep").equals("min");
        return new Tracking(value, least);
    }

    private List<Action> actions(Section section, String option) {
        List<Action> actions = new ArrayList<>();
        List<Section.Tag> tags = section.tags(option);
        boolean raises = false;
        for (int i = 0; i < tags.size(); i++) {
            Section.Tag tag = tags.get(i);
            String id = option + "." + i;
            if (!tag.section().complete()) {
                sound = false;
            } else if (!tag.name().equals("raise")) {
                actions.add(send(id, tag));
            } else if (option.equals("otherwise")) {
                mistake(tag, "`raise` stands under `do:`; the alarm is cleared by itself with the rule");
            } else if (raises) {
                mistake(tag, "a rule raises one alarm; make a rule of its own for the other");
            } else {
                raises = true;
                Template text = template(tag.section().located("text"), Template.Place.TEXT);
                actions.add(new Action.Raise(id, Severity.of(tag.section().text("severity")), text));
            }
        }
        return actions;
    }

    private Action send(String id, Section.Tag tag) {
        ActionType type = Objects.requireNonNull(types.get(tag.name()), "the shape has only known actions");
        Section options = tag.section();
        return new Action.Send(
                id,
                type,
                options,
                template(options.located(type.address()), type.place()),
                options.has("payload")
                        ? Optional.of(template(options.located("payload"), Template.Place.PAYLOAD))
                        : Optional.empty(),
                options.duration("expires"));
    }

    /// A name that nothing in the config makes known may still come from devices, so it is only
    /// doubtful.
    private Template template(Located<String> source, Template.Place place) {
        Template template = Template.parse(source.value(), place);
        for (String variable : template.names()) {
            if (!Template.isBuiltIn(variable) && scope.schema().slot(variable) == Schema.NONE) {
                problems.warning(
                        source.location(),
                        "nothing in this file makes a field '" + variable + "' of stream '" + scope.schema().stream()
                                + "' known: a reading without it cannot fill this text");
            }
        }
        return template;
    }

    private void mistake(Section.Tag tag, String message) {
        sound = false;
        problems.error(tag.location(), message);
    }
}
