package dev.weir.node;

import dev.weir.engine.Actuator;
import dev.weir.engine.Connector.Surroundings;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.rule.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The actuators of a node's rules. Actions that differ only in where to and what share one, and
/// so one queue: what a rule does when it is raised and when it is cleared arrives in that order.
final class Actuators {
    private static final Set<String> RENDERED = Set.of("payload", "expires");

    private final Surroundings surroundings;
    private final Problems problems;
    private final Map<String, Actuator> byOptions = new HashMap<>();
    private final Map<String, Actuator> byName = new LinkedHashMap<>();

    Actuators(Surroundings surroundings, Problems problems) {
        this.surroundings = surroundings;
        this.problems = problems;
    }

    /// The actuator for an action.
    Actuator of(Action.Send action) {
        Section options = action.options();
        List<String> parts = new ArrayList<>(List.of(action.type().name()));
        action.type().shape().options().stream()
                .map(dev.weir.engine.config.Option::name)
                .filter(option -> !RENDERED.contains(option))
                .filter(option -> !option.equals(action.type().address()))
                .filter(options::has)
                .forEach(option -> parts.add(option + "=" + options.comparable(option)));
        String key = String.join(" ", parts);
        Actuator known = byOptions.get(key);
        if (known == null) {
            known = action.type().factory().create(options, surroundings, problems);
            byOptions.put(key, known);
            byName.put("actuator " + byOptions.size() + " (" + action.type().name() + ")", known);
        }
        return known;
    }

    /// All of them, for closing, by names that show none of their options.
    Map<String, Actuator> all() {
        return byName;
    }
}
