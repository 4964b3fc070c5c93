package dev.weir.engine.rule;

import dev.weir.engine.Connector.ActionType;
import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What may stand under the name of a rule.
public final class RuleShape {
    private static final Kind FROM_ZERO = new Kind.Span(Duration.ZERO, Duration.ofDays(3660));

    private RuleShape() {}

    /// The options of a rule.
    ///
    /// @param types the actions that connectors bring; `raise` is always there
    public static Shape of(Collection<ActionType> types) {
        Kind actions = new Kind.ListOf(action(types));
        return Shape.of(
                "A condition with memory, by device, and what follows from it.",
                Option.required(
                        "on", new Kind.Text(), "the stream whose readings are looked at: a pipeline or a window"),
                Option.required("when", new Kind.Formula(), "raises the rule"),
                Option.optional(
                        "until", new Kind.Formula(), "clears it; else it is cleared when `when` no longer holds"),
                Option.defaulted(
                        "for",
                        FROM_ZERO,
                        "0s",
                        "how long, in event time, `when` must have held: raised by the first reading from then on"),
                Option.defaulted(
                        "cooldown", FROM_ZERO, "0s", "how long, in event time, after clearing it is not raised again"),
                Option.optional(
                        "track",
                        new Kind.Either(new Kind.Group(track()), new Kind.Formula()),
                        "the field whose peak the alarm keeps"),
                Option.defaulted(
                        "lane",
                        Kind.choice("alarm", "state", "sample"),
                        "alarm",
                        "the priority of its commands and alarms"),
                Option.required("do", actions, "what is done when it is raised"),
                Option.optional("otherwise", actions, "what is done when it is cleared"),
                Option.defaulted(
                        "keys",
                        new Kind.Whole(1, 10_000_000),
                        "10000",
                        "how many devices may be raised, waiting or cooling down at once; beyond it the one heard"
                                + " least recently is forgotten"));
    }

    private static Shape track() {
        return Shape.of(
                "What is tracked, and which extreme of it.",
                Option.required("field", new Kind.Formula(), "the field"),
                Option.required("keep", Kind.choice("max", "min"), "the greatest or the least value"));
    }

    private static Kind action(Collection<ActionType> types) {
        Map<String, Kind> tags = new LinkedHashMap<>();
        for (ActionType type : types) {
            List<Option> options = new ArrayList<>(type.shape().options());
            options.add(
                    Option.optional("payload", new Kind.Template(), "what to send; the reading as JSON when left out"));
            options.add(Option.defaulted(
                    "expires",
                    Kind.span(),
                    "30s",
                    "how long after the node received the reading the command may be carried out"));
            tags.put(type.name(), new Kind.Group(new Shape(type.shape().about(), options)));
        }
        tags.put("raise", new Kind.Group(raise()));
        return new Kind.Tagged("action", tags, Shape.of("Nothing stands beside an action."));
    }

    private static Shape raise() {
        return Shape.of(
                "Raises an alarm, which is cleared with the rule.",
                Option.defaulted(
                        "severity",
                        Kind.choice("info", "low", "medium", "high", "critical"),
                        "medium",
                        "how bad it is"),
                Option.required("text", new Kind.Template(), "what it says to people"));
    }
}
