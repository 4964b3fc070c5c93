package dev.weir.node;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Sorts pipelines so that each comes behind those it reads from (Kahn's algorithm, without
/// recursion, since a file may chain thousands).
///
/// @param sorted the pipelines that are in no cycle and behind none
/// @param cycles each cycle once, in the order in which readings would go round, beginning with the
///     pipeline that the file names first
record FlowOrder(List<String> sorted, List<List<String>> cycles) {
    /// @param upstream each pipeline with those it reads from, in the order of the file
    static FlowOrder of(Map<String, List<String>> upstream) {
        Map<String, Integer> waiting = new HashMap<>();
        Map<String, List<String>> readers = new HashMap<>();
        Deque<String> ready = new ArrayDeque<>();
        upstream.forEach((name, inputs) -> {
            Set<String> distinct = new LinkedHashSet<>(inputs);
            waiting.put(name, distinct.size());
            distinct.forEach(input ->
                    readers.computeIfAbsent(input, _ -> new ArrayList<>()).add(name));
            if (distinct.isEmpty()) {
                ready.add(name);
            }
        });
        List<String> sorted = new ArrayList<>();
        while (!ready.isEmpty()) {
            String name = ready.remove();
            sorted.add(name);
            for (String reader : readers.getOrDefault(name, List.of())) {
                if (waiting.merge(reader, -1, Integer::sum) == 0) {
                    ready.add(reader);
                }
            }
        }
        return new FlowOrder(sorted, cycles(upstream, Set.copyOf(sorted)));
    }

    /// Every pipeline that could not be sorted reads from another one that could not: walking
    /// upstream among them must come round.
    private static List<List<String>> cycles(Map<String, List<String>> upstream, Set<String> sorted) {
        List<String> order = List.copyOf(upstream.keySet());
        List<List<String>> cycles = new ArrayList<>();
        Set<String> visited = new HashSet<>();
        for (String start : order) {
            LinkedHashSet<String> path = new LinkedHashSet<>();
            String at = start;
            while (!sorted.contains(at) && !visited.contains(at) && path.add(at)) {
                at = upstream.getOrDefault(at, List.of()).stream()
                        .filter(input -> !sorted.contains(input))
                        .findFirst()
                        .orElseThrow();
            }
            if (path.contains(at)) {
                List<String> cycle = new ArrayList<>(path);
                cycles.add(round(cycle.subList(cycle.indexOf(at), cycle.size()), order));
            }
            visited.addAll(path);
        }
        return cycles;
    }

    /// Turns the way upstream into the way of the readings, and begins where the file does.
    private static List<String> round(List<String> upwards, List<String> order) {
        List<String> downwards = new ArrayList<>(upwards);
        Collections.reverse(downwards);
        int first = order.stream()
                .filter(downwards::contains)
                .findFirst()
                .map(downwards::indexOf)
                .orElse(0);
        Collections.rotate(downwards, -first);
        return List.copyOf(downwards);
    }
}
