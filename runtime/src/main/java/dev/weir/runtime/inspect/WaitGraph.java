package dev.weir.runtime.inspect;

import dev.weir.runtime.control.Insight;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Who waits for whom: what the waits of a [Dump] add up to.
///
/// {@snippet file="inspect/InspectExamplesTest.java" region="graph"}
///
/// An edge leads from a thread that waits to one that could end the wait: a task of the group that
/// it waits for, the thread that has last used the other side of the channel, the one that was last
/// given permits. Channels and semaphores have no owners, so others may be able to as well: a cycle
/// of which each edge is certain (groups only) is a deadlock; any other is what a deadlock looks
/// like, and what idle threads look like whose usual partners wait for somebody outside. One that
/// is still there at a second look, with nothing moved, deserves a look by a person.
///
/// @param dump what it was made of
/// @param edges by the thread that waits
/// @param cycles the ids of threads of which each waits for the next, and the last for the first,
///     and of whose waits none can be ended by a thread that is known not to be stuck
/// @param timers how many deadlines and ticks are pending, which could end any wait
/// @param outside names of platform threads that are not stuck and do not belong to this library or
///     the JVM: they could end any wait too. The calling thread is left out
/// @param busy names of schedulers on which somebody waits for a processor, perhaps a thread that was
///     started and has not begun: such a one is not in the dump
public record WaitGraph(
        Dump dump, List<Edge> edges, List<List<Long>> cycles, int timers, List<String> outside, Set<String> busy) {

    /// One wait.
    ///
    /// @param waiter the id of the thread that waits
    /// @param what what it waits for
    /// @param server the id of the thread that could end it; 0 if none is known
    public record Edge(long waiter, WaitsOn what, long server) {}

    /// Copies.
    public WaitGraph {
        edges = List.copyOf(edges);
        cycles = List.copyOf(cycles);
        outside = List.copyOf(outside);
        busy = Set.copyOf(busy);
    }

    /// Makes one of all threads but the caller, up to 100,000, with [Dump#FRAMES] frames of each
    /// stack. Does not block.
    public static WaitGraph take() {
        return take(100_000, Dump.FRAMES);
    }

    static WaitGraph take(int most, int frames) {
        var dump = Dump.take(most, frames);
        var others = dump.threads().stream()
                .filter(thread -> thread.id() != Thread.currentThread().threadId())
                .toList();
        long total = dump.total() - (dump.threads().size() - others.size());
        return of(new Dump(dump.at(), total, others, dump.platform()));
    }

    private static WaitGraph of(Dump dump) {
        var edges = edges(dump.threads());
        return new WaitGraph(
                dump,
                edges,
                new Cycles(dump.threads(), edges).find(),
                Snapshots.insight().timers(),
                outsiders(),
                Snapshots.insight().busy());
    }

    private static List<Edge> edges(List<ThreadSnapshot> threads) {
        var crews = threads.stream()
                .filter(thread -> thread.crew() != 0)
                .collect(Collectors.groupingBy(ThreadSnapshot::crew));
        var alive = threads.stream().map(ThreadSnapshot::id).collect(Collectors.toSet());
        var edges = new ArrayList<Edge>();
        for (var thread : threads) {
            for (var what : thread.waitsOn()) {
                var servers = servers(thread, what, crews, alive);
                servers.forEach(server -> edges.add(new Edge(thread.id(), what, server)));
                if (servers.isEmpty()) {
                    edges.add(new Edge(thread.id(), what, 0));
                }
            }
        }
        return edges;
    }

    private static Set<Long> servers(
            ThreadSnapshot waiter, WaitsOn what, Map<Long, List<ThreadSnapshot>> crews, Set<Long> alive) {
        var servers = new LinkedHashSet<Long>();
        if (what.crew() != 0) {
            crews.getOrDefault(what.crew(), List.of()).forEach(task -> servers.add(task.id()));
        }
        if (alive.contains(what.lastUser())) {
            servers.add(what.lastUser());
        }
        servers.remove(waiter.id());
        return servers;
    }

    private static List<String> outsiders() {
        var insight = Snapshots.insight();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.equals(Thread.currentThread()) && isOutside(insight, thread))
                .map(Thread::getName)
                .sorted()
                .toList();
    }

    private static boolean isOutside(Insight insight, Thread thread) {
        var group = thread.getThreadGroup();
        if (group == null || !group.getName().equals("main") || Dump.isOurs(thread)) {
            return false;
        }
        return thread.getState() != Thread.State.WAITING
                || insight.causes(thread).isEmpty()
                || !insight.causes(thread).stream().map(Awaited::of).allMatch(Awaited::isOurs);
    }

    /// Whether nothing can ever run again, as far as this library can tell: there are threads, each
    /// of them waits without a deadline for a channel, semaphore, wait group, group or
    /// singleflight, and no deadline or tick is pending. None sleeps, reads, or waits for a lock
    /// of the JDK, and none waits for a processor. If [#outside()] is not empty, those could still do
    /// something about it. On the JDK's scheduler a thread that was started and has not begun is not
    /// seen: look twice.
    public boolean isDeadlock() {
        return isDeadlock(dump.threads());
    }

    /// The same for the threads of one scheduler.
    ///
    /// @param scheduler its name
    public boolean isDeadlock(String scheduler) {
        return isDeadlock(dump.threads().stream()
                .filter(thread -> thread.scheduler().equals(scheduler))
                .toList());
    }

    private boolean isDeadlock(List<ThreadSnapshot> threads) {
        return !threads.isEmpty()
                && dump.total() <= dump.threads().size()
                && timers == 0
                && threads.stream().noneMatch(thread -> busy.contains(thread.scheduler()))
                && threads.stream().allMatch(ThreadSnapshot::isStuckUnlessServed);
    }

    /// Edges in lines, those of cycles marked, and what is known of a deadlock.
    public String text() {
        var names = dump.threads().stream()
                .collect(Collectors.toMap(ThreadSnapshot::id, Function.identity(), (one, _) -> one));
        var out = new StringBuilder();
        if (isDeadlock()) {
            out.append("all ").append(names.size());
            out.append(" virtual threads wait on channels, semaphores or groups; no timer is pending, nobody sleeps");
            out.append(" or is in I/O");
            out.append(outside.isEmpty() ? "" : "; only " + outside + " could wake one")
                    .append('\n');
        }
        for (var cycle : cycles) {
            out.append("cycle: ");
            cycle.forEach(id -> out.append(label(names.get(id), id)).append(" -> "));
            out.append(label(names.get(cycle.getFirst()), cycle.getFirst())).append('\n');
        }
        for (var edge : edges) {
            out.append(isInCycle(edge) ? "* " : "  ").append(label(names.get(edge.waiter), edge.waiter));
            out.append(" waits: ").append(edge.what);
            if (edge.server != 0) {
                out.append(" -> ").append(label(names.get(edge.server), edge.server));
            }
            out.append('\n');
        }
        return out.toString();
    }

    String nameOf(long id) {
        return dump.threads().stream()
                .filter(thread -> thread.id() == id)
                .map(ThreadSnapshot::name)
                .findFirst()
                .orElse("");
    }

    /// What is stuck, so that what is equal at two looks has not moved between.
    List<List<Long>> stuckKeys() {
        var keys = new ArrayList<List<Long>>();
        cycles.forEach(cycle -> keys.add(key(cycle)));
        dump.threads().stream().collect(Collectors.groupingBy(ThreadSnapshot::scheduler)).values().stream()
                .filter(this::isDeadlock)
                .forEach(
                        all -> keys.add(key(all.stream().map(ThreadSnapshot::id).toList())));
        return keys;
    }

    private List<Long> key(List<Long> ids) {
        var key = new ArrayList<Long>(ids);
        edges.stream().filter(edge -> ids.contains(edge.waiter)).forEach(edge -> key.add(edge.what.moved()));
        return key;
    }

    private boolean isInCycle(Edge edge) {
        return cycles.stream().anyMatch(cycle -> {
            int at = cycle.indexOf(edge.waiter);
            return at >= 0 && cycle.get((at + 1) % cycle.size()) == edge.server;
        });
    }

    private static String label(@Nullable ThreadSnapshot thread, long id) {
        return (thread == null ? "" : "\"" + thread.name() + "\" ") + "#" + id;
    }
}
