package dev.weir.engine.stage;

import dev.weir.engine.config.Location;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Section.Located;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.expression.Scalar;
import dev.weir.engine.stage.OnChange.Band;
import dev.weir.engine.stage.OnChange.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Makes stages of what the configuration says.
public final class Stages {
    private Stages() {}

    /// Makes a stage from an element of `stages:` that was checked against [StageShapes#stage].
    /// Stages must be compiled in the order of the pipeline: `map` declares the fields it adds.
    ///
    /// @param scope the stream's fields
    /// @param lateness the pipeline's, which is the default of its windows
    /// @param problems gets every mistake with its place
    /// @return the stage; empty when there are mistakes
    public static Optional<Stage> compile(Section.Tag tag, StreamScope scope, Duration lateness, Problems problems) {
        return switch (tag.name()) {
            case "validate" -> condition(tag, scope, problems).map(Validate::new);
            case "filter" -> condition(tag, scope, problems).map(Filter::new);
            case "map" -> Assign.compile(tag.texts(), scope, problems);
            case "dedupe" -> whole(tag).flatMap(section -> dedupe(section, scope, problems));
            case "on-change" -> whole(tag).flatMap(section -> onChange(section, scope, problems));
            case "throttle" -> whole(tag).map(Stages::throttle);
            case "window" -> Windows.compile(tag.section(), scope, lateness, problems);
            default -> throw new IllegalArgumentException("not a stage: '" + tag.name() + "'");
        };
    }

    /// The options, unless some are missing or wrong, of which the problems tell already.
    private static Optional<Section> whole(Section.Tag tag) {
        return Optional.of(tag.section()).filter(Section::complete);
    }

    private static Optional<Expression> condition(Section.Tag tag, StreamScope scope, Problems problems) {
        return Formulas.compile(tag.text(), scope, Scalar.BOOL, problems);
    }

    private static Optional<Stage> dedupe(Section section, StreamScope scope, Problems problems) {
        List<Located<String>> names = section.texts("by");
        if (names.isEmpty()) {
            problems.error(section.at("by"), "name at least one of `device`, `time` and the fields");
            return Optional.empty();
        }
        KeyBy by = KeyBy.compile(names, scope, problems);
        return by.parts().size() == names.size()
                ? Optional.of(new Dedupe(by, section.duration("within"), section.integer("keys")))
                : Optional.empty();
    }

    private static Stage throttle(Section section) {
        return new Throttle(section.duration("every"), section.integer("at-most"), section.integer("keys"));
    }

    private static Optional<Stage> onChange(Section section, StreamScope scope, Problems problems) {
        Map<String, Located<String>> byField = Map.of();
        Optional<Band> all = Optional.of(Band.NONE);
        if (section.has("dead-band")) {
            if (section.isText("dead-band")) {
                all = band(section.located("dead-band"), problems);
            } else {
                byField = section.map("dead-band");
            }
        }
        List<Located<String>> fields = watched(section, byField);
        if (fields.isEmpty()) {
            problems.error(section.at("fields"), "name the fields to watch: `fields: [temperature]`");
            return Optional.empty();
        }
        Function<Located<String>, Optional<Band>> bands = bands(fields, byField, all, problems);
        List<Watch> watches = new ArrayList<>();
        for (Located<String> field : fields) {
            KeyBy slot = KeyBy.compile(List.of(field), scope, problems);
            bands.apply(field)
                    .filter(band -> !slot.parts().isEmpty())
                    .ifPresent(band ->
                            watches.add(new Watch(slot.parts().getFirst().slot(), band)));
        }
        Duration heartbeat = section.has("heartbeat") ? section.duration("heartbeat") : Duration.ZERO;
        return watches.size() == fields.size()
                ? Optional.of(new OnChange(watches, heartbeat, section.integer("keys")))
                : Optional.empty();
    }

    private static List<Located<String>> watched(Section section, Map<String, Located<String>> byField) {
        if (section.has("fields")) {
            return section.texts("fields");
        }
        return byField.entrySet().stream()
                .map(entry -> new Located<>(entry.getValue().location(), entry.getKey()))
                .toList();
    }

    private static Function<Located<String>, Optional<Band>> bands(
            List<Located<String>> fields, Map<String, Located<String>> byField, Optional<Band> all, Problems problems) {
        List<String> names = fields.stream().map(Located::value).toList();
        byField.forEach((name, band) -> {
            if (!names.contains(name)) {
                problems.error(band.location(), "'" + name + "' is not among `fields: " + names + "`");
            }
        });
        return field -> {
            Located<String> own = byField.get(field.value());
            return own == null ? all : band(own, problems);
        };
    }

    private static Optional<Band> band(Located<String> text, Problems problems) {
        Optional<Band> band = Band.parse(text.value());
        if (band.isEmpty()) {
            unreadable(text.location(), text.value(), problems);
        }
        return band;
    }

    private static void unreadable(Location location, String text, Problems problems) {
        problems.error(
                location, "'" + text + "' is no dead-band: a number (`0.5`) or a percentage (`2%`), not negative");
    }
}
