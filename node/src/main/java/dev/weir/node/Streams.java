package dev.weir.node;

import dev.weir.engine.config.Location;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Tree;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The streams that a file declares: one for each pipeline, one for each window's `as`.
final class Streams {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    /// Views of the store that are no streams. SQLite does not tell upper from lower case.
    private static final Set<String> TAKEN = Set.of("alarms", "dead_letters");

    private static final List<String> TAKEN_PREFIXES = List.of("weir_", "sqlite_");

    private final Map<String, Location> pipelines;
    private final List<Window> windows;
    private final Map<String, String> pipelineOf;

    private record Window(String name, Location location, String pipeline) {}

    private Streams(Map<String, Location> pipelines, List<Window> windows) {
        this.pipelines = pipelines;
        this.windows = windows;
        this.pipelineOf = new LinkedHashMap<>();
        windows.forEach(window -> pipelineOf.putIfAbsent(window.name(), window.pipeline()));
    }

    static Streams of(Tree tree) {
        Map<String, Location> pipelines = names(tree, "pipelines");
        List<Window> windows = mapping(tree, "pipelines").stream()
                .flatMap(all -> all.entries().stream())
                .flatMap(pipeline -> stages(pipeline.value()).stream()
                        .flatMap(stage -> mapping(stage, "window").stream())
                        .flatMap(window -> window.find("as").stream())
                        .map(Tree.Entry::value)
                        .filter(Tree.Scalar.class::isInstance)
                        .map(Tree.Scalar.class::cast)
                        .map(as -> new Window(as.text(), as.location(), pipeline.name())))
                .toList();
        return new Streams(pipelines, windows);
    }

    /// The keys of a block with free names, with their places.
    static Map<String, Location> names(Tree tree, String block) {
        Map<String, Location> names = new LinkedHashMap<>();
        mapping(tree, block)
                .ifPresent(mapping -> mapping.entries().forEach(entry -> names.put(entry.name(), entry.location())));
        return names;
    }

    static Optional<Tree.Mapping> mapping(Tree tree, String key) {
        return tree instanceof Tree.Mapping mapping
                ? mapping.find(key)
                        .map(Tree.Entry::value)
                        .filter(Tree.Mapping.class::isInstance)
                        .map(Tree.Mapping.class::cast)
                : Optional.empty();
    }

    private static List<Tree> stages(Tree pipeline) {
        Optional<Tree> stages = pipeline instanceof Tree.Mapping mapping
                ? mapping.find("stages").map(Tree.Entry::value)
                : Optional.empty();
        return stages.map(found -> found instanceof Tree.Sequence sequence ? sequence.items() : List.of(found))
                .orElse(List.of());
    }

    /// The pipelines, by the words of the file alone.
    Set<String> pipelines() {
        return pipelines.keySet();
    }

    /// The streams of windows, each with its pipeline.
    Map<String, String> windows() {
        return pipelineOf;
    }

    boolean isPipeline(String name) {
        return pipelines.containsKey(name);
    }

    Location pipelineLocation(String name) {
        return pipelines.getOrDefault(name, new Location("", 1, 1));
    }

    /// Every stream's name.
    Set<String> all() {
        Set<String> all = new LinkedHashSet<>(pipelines.keySet());
        all.addAll(pipelineOf.keySet());
        return all;
    }

    /// Checks that every stream has a name of its own, in the store and in `from:`.
    void check(Map<String, Location> sources, Problems problems) {
        Map<String, Location> seen = new LinkedHashMap<>();
        pipelines.forEach((name, location) -> {
            if (sources.containsKey(name)) {
                likeASource(name, location, "pipelines: ", sources, problems);
            } else {
                claim(name, location, "pipelines: ", seen, problems);
            }
        });
        for (Window window : windows) {
            String path = "pipelines." + window.pipeline() + ".stages: ";
            if (!NAME.matcher(window.name()).matches()) {
                problems.error(
                        window.location(),
                        path + "the name of a stream is a letter, then letters, digits, \"_\" or \"-\", at most 64"
                                + " characters");
            } else if (sources.containsKey(window.name())) {
                likeASource(window.name(), window.location(), path, sources, problems);
            } else {
                claim(window.name(), window.location(), path, seen, problems);
            }
        }
    }

    private static void likeASource(
            String name, Location location, String path, Map<String, Location> sources, Problems problems) {
        problems.error(
                location,
                path + "the stream \"" + name + "\" is called like a source (line "
                        + Objects.requireNonNull(sources.get(name)).line()
                        + "); `from:` could not tell them apart");
    }

    private static void claim(
            String name, Location location, String path, Map<String, Location> seen, Problems problems) {
        String folded = name.toLowerCase(Locale.ROOT);
        if (TAKEN.contains(folded) || TAKEN_PREFIXES.stream().anyMatch(folded::startsWith)) {
            problems.error(
                    location,
                    path + "the stream \"" + name + "\" is called like a view or table of the store;"
                            + " choose another name");
            return;
        }
        Location first = seen.putIfAbsent(folded, location);
        if (first != null) {
            problems.error(
                    location,
                    path + "a second stream \"" + name + "\"; the first is in line " + first.line()
                            + " (upper and lower case count as the same)");
        }
    }
}
