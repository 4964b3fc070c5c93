package dev.weir.connect.system;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Section.Located;
import dev.weir.engine.config.Shape;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a system source is told by the config.
///
/// @param address what the addresses begin with
/// @param interval how often it measures
/// @param heartbeat how long a value that does not change is kept back
/// @param metrics what it measures
/// @param deadbands how far values may move
/// @param disks which mount points
/// @param interfaces which network interfaces
/// @param maxParts how many of each at most
record SystemOptions(
        String address,
        Duration interval,
        Duration heartbeat,
        Set<Metric> metrics,
        Map<Metric, Deadband> deadbands,
        Names disks,
        Names interfaces,
        int maxParts) {
    private static final List<String> USUAL_DISKS = List.of("/snap/*", "/run/*", "/proc/*", "/sys/*", "/dev/*");
    private static final List<String> USUAL_INTERFACES = List.of("lo", "veth*", "ifb*");

    static final Shape SHAPE = Shape.of(
            "Measures the machine",
            Option.defaulted(
                    "address",
                    new Kind.Text(),
                    "system/{node}",
                    "What the addresses of the messages begin with, before `/cpu`, `/disk/NAME` and so on; `{node}` is"
                            + " the node's name"),
            Option.defaulted(
                    "interval",
                    new Kind.Span(Duration.ofMillis(500), Duration.ofDays(1)),
                    "10s",
                    "How often to measure"),
            Option.defaulted(
                    "heartbeat",
                    new Kind.Span(Duration.ofSeconds(1), Duration.ofDays(7)),
                    "5m",
                    "After how long a value is sent though it has not moved"),
            Option.optional(
                    "metrics",
                    new Kind.ListOf(Kind.choice(Metric.words())),
                    "What to measure; everything when left out"),
            Option.optional(
                    "deadband",
                    new Kind.Group(deadbandShape()),
                    "How far the values of a metric may move since they were last sent without being sent again"),
            Option.optional(
                    "disks",
                    new Kind.Group(names("mount points", "the usual ones of the system itself")),
                    "Which disks, by mount point"),
            Option.optional(
                    "interfaces",
                    new Kind.Group(names("interfaces", "`lo`, `veth*` and `ifb*`")),
                    "Which network interfaces, by name"),
            Option.defaulted(
                    "max-parts",
                    new Kind.Whole(1, 1000),
                    "32",
                    "How many disks, and how many interfaces, at most; further ones, by name, are left out"));

    SystemOptions {
        metrics = Set.copyOf(metrics);
        deadbands = Map.copyOf(deadbands);
    }

    private static Shape deadbandShape() {
        return new Shape(
                "A number in the metric's unit (percent, °C, bytes), or a percentage of the value last sent: `2%`",
                EnumSet.allOf(Metric.class).stream()
                        .map(metric -> Option.optional(
                                metric.word(),
                                new Kind.Text(),
                                "For the values of `" + metric.word() + "`; " + text(metric.deadband())
                                        + " when left out"))
                        .toList());
    }

    private static String text(Deadband deadband) {
        String number = String.valueOf(deadband.amount()).replaceFirst("\\.0$", "");
        return deadband.percent() ? number + " %" : number;
    }

    private static Shape names(String what, String usual) {
        return Shape.of(
                "Patterns with `*` and `?`",
                Option.optional("include", Kind.texts(), "The " + what + " that are measured; all when left out"),
                Option.optional("exclude", Kind.texts(), "The " + what + " that are not; " + usual + " when left out"));
    }

    static SystemOptions of(Section options, String node, Problems problems) {
        String address = options.text("address").replace("{node}", node);
        if (address.isBlank() || address.contains("+") || address.contains("#")) {
            problems.error(
                    options.at("address"),
                    "an address must not be empty or contain '+' or '#', but was '" + address + "'");
        }
        Set<Metric> metrics = EnumSet.allOf(Metric.class);
        if (options.has("metrics")) {
            metrics = EnumSet.noneOf(Metric.class);
            for (Located<String> word : options.texts("metrics")) {
                metrics.add(Metric.of(word.value()));
            }
        }
        return new SystemOptions(
                address,
                options.duration("interval"),
                options.duration("heartbeat"),
                metrics,
                deadbands(options, problems),
                names(options, "disks", USUAL_DISKS),
                names(options, "interfaces", USUAL_INTERFACES),
                options.integer("max-parts"));
    }

    private static Map<Metric, Deadband> deadbands(Section options, Problems problems) {
        Map<Metric, Deadband> result = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            result.put(metric, metric.deadband());
            if (options.has("deadband") && options.group("deadband").has(metric.word())) {
                Located<String> text = options.group("deadband").located(metric.word());
                try {
                    result.put(metric, Deadband.parse(text.value()));
                } catch (IllegalArgumentException e) {
                    problems.error(text.location(), String.valueOf(e.getMessage()));
                }
            }
        }
        return result;
    }

    private static Names names(Section options, String option, List<String> usual) {
        if (!options.has(option)) {
            return new Names(List.of("*"), usual);
        }
        Section group = options.group(option);
        return new Names(texts(group, "include", List.of("*")), texts(group, "exclude", usual));
    }

    private static List<String> texts(Section group, String option, List<String> fallback) {
        return group.has(option)
                ? group.texts(option).stream().map(Located::value).toList()
                : fallback;
    }

    Deadband deadband(Metric metric) {
        return deadbands.getOrDefault(metric, metric.deadband());
    }
}
