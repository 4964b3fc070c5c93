package dev.weir.runtime.inspect;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The cycles of a wait-for graph. First those are taken out, again and again, of whose waits one
/// may end: because nobody is known who would have to end it, or because one who could is not
/// stuck. What is left waits for each other.
final class Cycles {
    private static final int MOST = 100;

    private final Map<Long, ThreadSnapshot> stuck;
    private final Map<Long, List<WaitGraph.Edge>> edges;

    Cycles(List<ThreadSnapshot> threads, List<WaitGraph.Edge> edges) {
        this.stuck = threads.stream()
                .filter(ThreadSnapshot::isStuckUnlessServed)
                .collect(Collectors.toMap(ThreadSnapshot::id, thread -> thread, (one, _) -> one, HashMap::new));
        this.edges = edges.stream().collect(Collectors.groupingBy(WaitGraph.Edge::waiter));
    }

    List<List<Long>> find() {
        boolean changed = true;
        while (changed) {
            changed = stuck.keySet().removeIf(this::mayGoOn);
        }
        var cycles = new ArrayList<List<Long>>();
        var known = new HashSet<Set<Long>>();
        for (long id : stuck.keySet().stream().sorted().toList()) {
            var cycle = from(id);
            if (!cycle.isEmpty() && cycles.size() < MOST && known.add(Set.copyOf(cycle))) {
                cycles.add(cycle);
            }
        }
        return cycles;
    }

    /// A select goes on with any of its cases; who waits for a group, only when all tasks have
    /// ended.
    private boolean mayGoOn(long id) {
        var byThing = edges.getOrDefault(id, List.of()).stream().collect(Collectors.groupingBy(WaitGraph.Edge::what));
        return byThing.isEmpty() || byThing.values().stream().anyMatch(this::mayEnd);
    }

    private boolean mayEnd(List<WaitGraph.Edge> toServers) {
        return switch (toServers.getFirst().what().awaited()) {
            case WAIT_GROUP, GROUP, SINGLEFLIGHT ->
                toServers.stream().noneMatch(edge -> stuck.containsKey(edge.server()));
            case SEND, RECEIVE, SEMAPHORE, RATE_LIMITER, LOCK, IO, SLEEP, OTHER ->
                !toServers.stream().allMatch(edge -> stuck.containsKey(edge.server()));
        };
    }

    /// The cycle that is reached from there; empty if there is none.
    private List<Long> from(long start) {
        var path = new LinkedHashSet<Long>();
        long at = start;
        while (path.add(at)) {
            long next = edges.getOrDefault(at, List.of()).stream()
                    .mapToLong(WaitGraph.Edge::server)
                    .filter(stuck::containsKey)
                    .findFirst()
                    .orElse(0);
            if (next == 0) {
                return List.of();
            }
            at = next;
        }
        var walked = List.copyOf(path);
        return walked.subList(walked.indexOf(at), walked.size());
    }
}
