package dev.weir.runtime;

import dev.weir.runtime.control.Insight;
import dev.weir.runtime.control.Simulations;
import dev.weir.runtime.control.VirtualThreads;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Runs virtual threads as Go runs goroutines: a fixed number of processors, each with its own
/// queue; who was just woken runs next on the processor of its waker; idle processors steal; and a
/// processor is taken from a thread that keeps it for more than 10 ms, or blocks in native code,
/// while others wait. The JDK's scheduler does none of the last.
///
/// {@snippet :
/// Thread worker = Scheduler.shared().start("worker", () -> serve(requests));
/// }
///
/// A virtual thread that is started by one of this scheduler's, by whatever means, runs here and in
/// the same lane. Its threads are ordinary virtual threads: everything that works with those works
/// with them.
///
/// It needs the JDK's package `java.lang` to be open (`--add-opens
/// java.base/java.lang=dev.weir.runtime`, or `=ALL-UNNAMED` on the class path; `Add-Opens:
/// java.base/java.lang` in the manifest of an executable jar). Where it is not, the threads run on
/// the JDK's scheduler, lanes mean nothing, and one line in the log says so; nothing else differs.
///
/// Any thread may use it. It needs no closing: its carriers and its watch are daemon threads that
/// end ten seconds after the last work.
public final class Scheduler {
    private static final int MOST_CARRIERS = 256;
    private static final int MOST_COUNTED = 100_000;

    private final String name;
    private final int count;
    /// Null on the JDK's scheduler.
    private final @Nullable Processors processors;

    private static final class Shared {
        static final Scheduler INSTANCE =
                new Scheduler("weir", Runtime.getRuntime().availableProcessors(), MOST_CARRIERS);
    }

    static {
        Insight.install(new Inspection());
    }

    private Scheduler(String name, int count, int maxCarriers) {
        this.name = name;
        this.count = count;
        if (VirtualThreads.areOpen()) {
            processors = new Processors(name, count, maxCarriers);
        } else {
            processors = null;
            VirtualThreads.tellThatTheyAreClosed();
        }
    }

    /// The scheduler of the process, with a processor for each of the machine's.
    public static Scheduler shared() {
        return Shared.INSTANCE;
    }

    /// A scheduler with processors and carriers of its own.
    ///
    /// @param name of its threads: `name-carrier-1`
    /// @param processors how many threads may run at the same time, 1 to 1024
    /// @throws IllegalArgumentException if it is fewer or more
    public static Scheduler of(String name, int processors) {
        return of(name, processors, Math.max(MOST_CARRIERS, processors));
    }

    /// The same with a bound on carriers: on how many platform threads it uses, those included that
    /// are blocked or run for long. At the bound, a processor whose thread is blocked stays
    /// blocked.
    ///
    /// @param maxCarriers at least `processors`, at most 32767
    /// @throws IllegalArgumentException if it is fewer or more
    public static Scheduler of(String name, int processors, int maxCarriers) {
        Objects.requireNonNull(name, "name");
        if (processors < 1 || processors > 1024) {
            throw new IllegalArgumentException("a scheduler must have 1 to 1024 processors, but was " + processors);
        }
        if (maxCarriers < processors || maxCarriers > Short.MAX_VALUE) {
            throw new IllegalArgumentException("a scheduler must have " + processors + " (its processors) to "
                    + Short.MAX_VALUE + " carriers, but was " + maxCarriers);
        }
        return new Scheduler(name, processors, maxCarriers);
    }

    /// Whether it is a scheduler of its own and not the JDK's.
    public boolean isOwn() {
        return processors != null;
    }

    /// How many threads may run at the same time; on the JDK's scheduler what was asked for.
    public int processors() {
        return count;
    }

    /// How many carriers there are now, resting ones included; 0 on the JDK's scheduler.
    public int carriers() {
        return processors == null ? 0 : processors.carriers();
    }

    /// How often a processor was taken from a thread that kept it; 0 on the JDK's scheduler.
    public long retaken() {
        return processors == null ? 0 : processors.counters.retaken.sum();
    }

    /// How often a processor was left with a thread that kept it because there were carriers
    /// enough; 0 on the JDK's scheduler.
    public long refused() {
        return processors == null ? 0 : processors.counters.refused.sum();
    }

    /// What it does and has done. Takes some microseconds, and some nanoseconds for each virtual
    /// thread of the process.
    public SchedulerStats stats() {
        var threads = new EnumMap<Thread.State, Integer>(Thread.State.class);
        for (var known : Roster.threads(MOST_COUNTED)) {
            var thread = known.thread();
            if (thread != null && runs(thread) && thread.getState() != Thread.State.NEW) {
                threads.merge(thread.getState(), 1, Integer::sum);
            }
        }
        return processors == null
                ? new SchedulerStats(name, count, 0, 0, 0, 0, 0, threads, Map.of(), List.of(), 0, 0, 0, 0, 0, Map.of())
                : processors.counters.stats(processors, threads);
    }

    private boolean runs(Thread thread) {
        return VirtualThreads.schedulerOf(thread) instanceof Door door ? door.home() == processors : processors == null;
    }

    /// Starts a virtual thread where the caller runs, as Go's `go`: on the caller's scheduler and
    /// in its lane if that is a virtual thread, else on the shared one in lane [Lane#SAMPLE].
    public static Thread go(String name, Runnable task) {
        Thread thread = child(Objects.requireNonNull(name, "name"), Objects.requireNonNull(task, "task"));
        thread.start();
        return thread;
    }

    /// Starts a virtual thread in lane [Lane#SAMPLE].
    public Thread start(String name, Runnable task) {
        return start(Lane.SAMPLE, name, task);
    }

    /// Starts a virtual thread.
    public Thread start(Lane lane, String name, Runnable task) {
        Thread thread = unstarted(lane, name, task);
        thread.start();
        return thread;
    }

    /// Makes a virtual thread that the caller starts.
    public Thread unstarted(Lane lane, String name, Runnable task) {
        Objects.requireNonNull(lane, "lane");
        return make(lane, Objects.requireNonNull(name, "name"), Objects.requireNonNull(task, "task"));
    }

    /// Makes virtual threads that are called `prefix1`, `prefix2` and so on.
    public ThreadFactory factory(Lane lane, String prefix) {
        Objects.requireNonNull(lane, "lane");
        Objects.requireNonNull(prefix, "prefix");
        AtomicLong made = new AtomicLong();
        return task -> make(lane, prefix + made.incrementAndGet(), Objects.requireNonNull(task, "task"));
    }

    /// A virtual thread for what the library runs on the caller's behalf, not started: on the
    /// caller's scheduler where that is a virtual thread, else on the shared one.
    static Thread child(String name, Runnable task) {
        return child(name, task, task, 0);
    }

    /// @param origin whose class says where it was started
    /// @param crew the id of the [Tally] that counts it, or 0
    static Thread child(String name, Runnable task, Object origin, long crew) {
        if (!Thread.currentThread().isVirtual()) {
            return shared().make(Lane.SAMPLE, name, task, origin, crew);
        }
        return Thread.ofVirtual().name(name).unstarted(new Job(task, origin, crew));
    }

    private Thread make(Lane lane, String name, Runnable task) {
        return make(lane, name, task, task, 0);
    }

    private Thread make(Lane lane, String name, Runnable task, Object origin, long crew) {
        Processors own = processors;
        var job = new Job(task, origin, crew);
        if (own == null || Simulations.current() != null) {
            return Thread.ofVirtual().name(name).unstarted(job);
        }
        return VirtualThreads.make(own.door(lane), name, job);
    }

    @Override
    public String toString() {
        return "Scheduler(" + name + ", " + count + (isOwn() ? " processors)" : " processors, on the JDK's)");
    }
}
