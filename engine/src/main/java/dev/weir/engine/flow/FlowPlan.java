package dev.weir.engine.flow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Everything that flows in a node.
///
/// @param epoch counts the starts of the node: part of every reading's key
/// @param sources the sources, by distinct names
/// @param pipelines the pipelines, in any order
/// @param sinks the sinks
/// @param rules for each stream the rules that are on it, in order
public record FlowPlan(
        long epoch,
        List<SourcePlan> sources,
        List<PipelinePlan> pipelines,
        List<SinkPlan> sinks,
        Map<String, List<Evaluator>> rules) {
    public FlowPlan {
        sources = List.copyOf(sources);
        pipelines = List.copyOf(pipelines);
        sinks = List.copyOf(sinks);
        rules = Map.copyOf(rules);
    }

    /// A way round through streams, as names: a pipeline that is, through others, from itself.
    /// Empty if there is none.
    ///
    /// @param from for each pipeline its sources and streams
    /// @param makes for each stream the pipeline that makes it
    public static List<String> cycle(Map<String, List<String>> from, Map<String, String> makes) {
        Set<String> clear = new HashSet<>();
        for (String pipeline : from.keySet()) {
            List<String> found = follow(pipeline, from, makes, new ArrayDeque<>(), clear);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static List<String> follow(
            String pipeline,
            Map<String, List<String>> from,
            Map<String, String> makes,
            Deque<String> path,
            Set<String> clear) {
        if (clear.contains(pipeline)) {
            return List.of();
        }
        if (path.contains(pipeline)) {
            List<String> cycle = new ArrayList<>(path);
            cycle.add(pipeline);
            return cycle.subList(cycle.indexOf(pipeline), cycle.size());
        }
        path.addLast(pipeline);
        for (String input : from.getOrDefault(pipeline, List.of())) {
            String maker = makes.get(input);
            if (maker != null) {
                List<String> found = follow(maker, from, makes, path, clear);
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        path.removeLast();
        clear.add(pipeline);
        return List.of();
    }

    /// The pipelines, each behind those that it takes readings from.
    ///
    /// @throws IllegalArgumentException if there is a cycle
    List<PipelinePlan> ordered() {
        Map<String, PipelinePlan> byName = new HashMap<>();
        Map<String, String> makes = new HashMap<>();
        Map<String, List<String>> from = new HashMap<>();
        for (PipelinePlan plan : pipelines) {
            byName.put(plan.name(), plan);
            from.put(plan.name(), plan.from());
            makes.put(plan.name(), plan.name());
            plan.windows().forEach(window -> makes.put(window.stream(), plan.name()));
        }
        List<String> cycle = cycle(from, makes);
        if (!cycle.isEmpty()) {
            throw new IllegalArgumentException("pipelines feed each other in a circle: " + String.join(" → ", cycle));
        }
        Set<PipelinePlan> ordered = new LinkedHashSet<>();
        pipelines.forEach(plan -> add(plan, byName, makes, ordered));
        return List.copyOf(ordered);
    }

    private static void add(
            PipelinePlan plan, Map<String, PipelinePlan> byName, Map<String, String> makes, Set<PipelinePlan> into) {
        for (String input : plan.from()) {
            PipelinePlan maker = byName.get(makes.getOrDefault(input, ""));
            if (maker != null) {
                add(maker, byName, makes, into);
            }
        }
        into.add(plan);
    }
}
