package dev.weir.runtime.inspect;

import dev.weir.runtime.control.Insight;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Virtual threads that wait for ever: somebody started them, and nobody will ever wake them.
///
/// {@snippet file="inspect/InspectExamplesTest.java" region="leaks"}
///
/// **Proof** needs the JVM option `-Djdk.trackAllThreads=false`. The JVM then collects a virtual
/// thread that waits where nobody can reach what it waits for, and whoever was collected without
/// having ended could not be woken by anybody: the report has them, and none falsely. (One that is
/// reachable may be forgotten all the same, in a map that nobody reads.)
///
/// **Without that option** the JVM keeps all virtual threads, and the report has those that look
/// like it: they have waited for long without a deadline, nothing has moved meanwhile, and of the
/// threads that have used the other side none lives. A worker may wait like that whose next work
/// comes from a thread that this library does not know.
///
/// @param provable whether the JVM lets threads be collected, so that `proven` can have any
/// @param proven those that were collected since the report before
/// @param suspected those that look like it; empty if leaks are provable
/// @param collected how many were collected in all; more than the reports have had if there were
///     more than 1,000 of a carrier's between two
public record LeakReport(boolean provable, List<Leak> proven, List<Leak> suspected, long collected) {
    private static final int MOST = 100_000;
    private static final int FRAMES = 16;

    /// A thread that waits for ever.
    ///
    /// @param id of the thread
    /// @param name of the thread
    /// @param startedAt the class of its task, or the line that has started it where
    ///     `-Dweir.sites=true` is set
    /// @param waitsOn what it waits for, as it was seen last; empty if it was never looked at
    /// @param stack where it waits, as it was seen last, innermost frame first
    public record Leak(long id, String name, String startedAt, String waitsOn, List<StackTraceElement> stack) {
        /// Copies.
        public Leak {
            stack = List.copyOf(stack);
        }

        @Override
        public String toString() {
            return "\"" + name + "\" #" + id + ", started at " + startedAt + ", waits: "
                    + (waitsOn.isEmpty() ? "was never looked at" : waitsOn);
        }
    }

    /// Copies.
    public LeakReport {
        proven = List.copyOf(proven);
        suspected = List.copyOf(suspected);
    }

    /// Looks at all threads, up to 100,000, lets the JVM collect garbage ([System#gc()], which
    /// stops the program for as long as that takes) if that proves anything, and reports. What a
    /// thread waits for is known from the last look at it, by this or by a [Dump]: reports that
    /// are taken now and then know more than a single one.
    ///
    /// @param patience how long one must have waited at least to be suspected
    public static LeakReport take(Duration patience) {
        var seen = Snapshots.take(MOST, FRAMES);
        if (Snapshots.insight().areCollected()) {
            System.gc();
        }
        return of(seen, patience);
    }

    /// Of a look that was taken just now; of those that are collected, the ones that the JVM has
    /// collected anyway.
    static LeakReport of(List<ThreadSnapshot> seen, Duration patience) {
        var insight = Snapshots.insight();
        boolean provable = insight.areCollected();
        var proven = insight.collected().stream().map(LeakReport::leak).toList();
        var suspected = provable ? List.<Leak>of() : suspects(seen, patience);
        return new LeakReport(provable, proven, suspected, insight.collectedCount());
    }

    private static Leak leak(Insight.Known lost) {
        return lost.note() instanceof Snapshots.Seen seen
                ? new Leak(lost.id(), lost.name(), lost.startedAt(), seen.doing(), seen.stack())
                : new Leak(lost.id(), lost.name(), lost.startedAt(), "", List.of());
    }

    private static List<Leak> suspects(List<ThreadSnapshot> threads, Duration patience) {
        var alive = new HashSet<Long>();
        var crews = new HashSet<Long>();
        threads.forEach(thread -> {
            alive.add(thread.id());
            crews.add(thread.crew());
        });
        Thread.getAllStackTraces().keySet().forEach(thread -> alive.add(thread.threadId()));
        return threads.stream()
                .filter(thread -> thread.isStuckUnlessServed()
                        && thread.waited().compareTo(patience) >= 0
                        && thread.waitsOn().stream().noneMatch(what -> isServed(thread, what, alive, crews)))
                .map(thread -> new Leak(thread.id(), thread.name(), thread.startedAt(), thread.doing(), thread.stack()))
                .toList();
    }

    private static boolean isServed(ThreadSnapshot waiter, WaitsOn what, Set<Long> alive, Set<Long> crews) {
        return (what.crew() != 0 && crews.contains(what.crew()))
                || (what.lastUser() != waiter.id() && alive.contains(what.lastUser()));
    }

    /// A line for each, with its stack, and whether it is proven.
    public String text() {
        if (proven.isEmpty() && suspected.isEmpty()) {
            return provable
                    ? "no virtual thread was collected that waits\n"
                    : "no virtual thread is suspected to leak\n";
        }
        var out = new StringBuilder();
        Stream.concat(
                        proven.stream().map(leak -> "leaked, proven by its collection: " + lines(leak)),
                        suspected.stream().map(leak -> "perhaps leaked: " + lines(leak)))
                .forEach(out::append);
        return out.toString();
    }

    private static String lines(Leak leak) {
        var out = new StringBuilder(leak.toString()).append('\n');
        leak.stack().forEach(frame -> out.append("      at ").append(frame).append('\n'));
        return out.toString();
    }
}
