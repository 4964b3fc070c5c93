package dev.weir.node;

import dev.weir.engine.config.Location;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Section.Located;
import dev.weir.engine.config.Tree;
import dev.weir.engine.config.UnknownName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What one part of the file says of another: `from:`, `to:`, `on:`.
///
/// Which names exist is taken from the tree, where they are even if the block behind a name is
/// wrong: a mistake in a pipeline must not make its stream unknown elsewhere.
final class Wiring {
    private final Problems problems;
    private final Section root;
    private final Map<String, Location> sources;
    private final Map<String, Location> sinks;
    private final Streams streams;
    private final Map<String, Section> sections;
    private final FlowOrder order;
    private final Set<String> read = new HashSet<>();
    private final Set<String> written = new HashSet<>();

    /// Whether a block of names is not readable as one: then no name in it can be called unknown.
    private final boolean broken;

    /// Whether a name leads nowhere: then what seems unused may be what was meant.
    private boolean dangling;

    private Wiring(Tree tree, Section root, Problems problems) {
        this.problems = problems;
        this.root = root;
        this.sources = Streams.names(tree, "sources");
        this.sinks = Streams.names(tree, "sinks");
        this.streams = Streams.of(tree);
        this.sections = root.groups("pipelines");
        this.broken = List.of("sources", "pipelines", "sinks").stream()
                .anyMatch(block -> tree instanceof Tree.Mapping mapping
                        && mapping.find(block).isPresent()
                        && Streams.mapping(tree, block).isEmpty());
        Map<String, List<String>> upstream = new LinkedHashMap<>();
        sections.forEach((name, section) -> upstream.put(name, upstream(section)));
        this.order = FlowOrder.of(upstream);
    }

    static Wiring of(Tree tree, Section root, Problems problems) {
        Wiring wiring = new Wiring(tree, root, problems);
        wiring.streams.check(wiring.sources, problems);
        wiring.sinkNames();
        wiring.sections.forEach(wiring::pipeline);
        wiring.rules();
        wiring.unused();
        wiring.order.cycles().forEach(wiring::cycle);
        return wiring;
    }

    /// The streams of windows, each with its pipeline.
    Map<String, String> windows() {
        return streams.windows();
    }

    /// The pipelines, each behind those it reads from; without those in a cycle.
    Map<String, Section> pipelines() {
        Map<String, Section> sorted = new LinkedHashMap<>();
        order.sorted().forEach(name -> sorted.put(name, sections.get(name)));
        return sorted;
    }

    private List<String> upstream(Section pipeline) {
        return names(pipeline, "from").stream()
                .map(Located::value)
                .filter(from -> !sources.containsKey(from) && streams.windows().containsKey(from))
                .map(streams.windows()::get)
                .filter(sections::containsKey)
                .toList();
    }

    private void sinkNames() {
        for (String own : List.of("store", "hub")) {
            Location location = sinks.get(own);
            if (location != null) {
                problems.error(location, "sinks: \"" + own + "\" always means the node's own; choose another name");
            }
        }
    }

    private void pipeline(String name, Section section) {
        String path = "pipelines." + name;
        Set<String> inputs = new LinkedHashSet<>(sources.keySet());
        inputs.addAll(streams.windows().keySet());
        for (Located<String> from : distinct(section, "from", path)) {
            read.add(from.value());
            if (inputs.contains(from.value()) || problems.isFull()) {
                continue;
            }
            unknown(
                    from.location(),
                    path + ".from: "
                            + (streams.isPipeline(from.value())
                                    ? "\"" + from.value() + "\" is a pipeline; expected a source, or the stream that a"
                                            + " window makes (`as:`)"
                                    : UnknownName.message("source or stream", from.value(), inputs)));
        }
        for (Located<String> to : distinct(section, "to", path)) {
            to(to, path + ".to: ");
        }
    }

    private void to(Located<String> to, String path) {
        written.add(to.value());
        Set<String> outputs = new LinkedHashSet<>(List.of("store"));
        outputs.addAll(sinks.keySet());
        if (to.value().equals("hub")) {
            problems.error(to.location(), path + "\"hub\" is not in this version");
        } else if (!outputs.contains(to.value()) && !problems.isFull()) {
            unknown(to.location(), path + UnknownName.message("sink", to.value(), outputs));
        }
    }

    private void rules() {
        Set<String> known = streams.all();
        root.groups("rules").forEach((name, section) -> {
            String path = "rules." + name;
            for (Located<String> on : distinct(section, "on", path)) {
                read.add(on.value());
                if (!known.contains(on.value()) && !problems.isFull()) {
                    boolean source = sources.containsKey(on.value());
                    unknown(
                            on.location(),
                            path + ".on: "
                                    + (source
                                            ? "\"" + on.value() + "\" is a source; expected a pipeline that reads from"
                                                    + " it, or a window's stream"
                                            : UnknownName.message("pipeline or stream", on.value(), known)));
                }
            }
        });
    }

    private void unknown(Location location, String message) {
        dangling = true;
        if (!broken) {
            problems.error(location, message);
        }
    }

    private void unused() {
        boolean unclear = broken
                || dangling
                || !sections.keySet().equals(streams.pipelines())
                || !sections.values().stream().allMatch(section -> section.has("from"));
        if (unclear) {
            return;
        }
        sources.forEach((name, location) -> {
            if (!read.contains(name)) {
                problems.warning(location, "sources." + name + ": no pipeline reads from it");
            }
        });
        sinks.forEach((name, location) -> {
            if (!written.contains(name)) {
                problems.warning(location, "sinks." + name + ": no pipeline sends to it");
            }
        });
        sections.forEach((name, section) -> {
            boolean watched = read.contains(name)
                    || streams.windows().entrySet().stream()
                            .anyMatch(window -> window.getValue().equals(name) && read.contains(window.getKey()));
            if (names(section, "to").isEmpty() && section.complete() && !watched) {
                problems.warning(
                        streams.pipelineLocation(name),
                        "pipelines." + name + ": its readings go nowhere: it has no \"to\", and no rule is on it");
            }
        });
    }

    /// @param cycle pipelines in the order in which readings would go round
    private void cycle(List<String> cycle) {
        String first = cycle.getFirst();
        List<String> round = new ArrayList<>(cycle);
        round.add(first);
        String last = cycle.getLast();
        Section section = Objects.requireNonNull(sections.get(first));
        Location location = names(section, "from").stream()
                .filter(from -> last.equals(streams.windows().get(from.value())))
                .findFirst()
                .map(Located::location)
                .orElse(section.location());
        problems.error(
                location,
                "pipelines." + first + ".from: readings would go round in a cycle: " + String.join(" → ", round));
    }

    private List<Located<String>> distinct(Section section, String option, String path) {
        List<Located<String>> distinct = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Located<String> name : names(section, option)) {
            if (seen.add(name.value())) {
                distinct.add(name);
            } else {
                problems.error(name.location(), path + "." + option + ": \"" + name.value() + "\" stands here twice");
            }
        }
        return distinct;
    }

    /// The names in an option that is a text or a list of texts.
    private static List<Located<String>> names(Section section, String option) {
        return section.isText(option) ? List.of(section.located(option)) : section.texts(option);
    }
}
