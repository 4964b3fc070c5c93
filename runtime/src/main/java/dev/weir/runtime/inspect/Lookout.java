package dev.weir.runtime.inspect;

import dev.weir.runtime.CancellableContext;
import dev.weir.runtime.Context;
import dev.weir.runtime.ContextException;
import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.Ticker;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Looks at all threads now and then, and tells a listener what is wrong: a count that drifts, a
/// runaway fan-out, a channel that nobody drains, threads that wait for each other, leaks. Each
/// finding is told when it comes up, and again only after it was gone.
///
/// {@snippet file="inspect/InspectExamplesTest.java" region="lookout"}
///
/// One virtual thread, which looks, calls the listener and waits for the next period; a look takes
/// some microseconds for each thread of the process. To be closed by its owner. It takes the leaks
/// that it reports from the [LeakReport]s that others take.
public final class Lookout implements AutoCloseable {
    /// What is wrong, and how often to look.
    ///
    /// @param period between two looks
    /// @param blocked for how long a thread may wait to send
    /// @param drift by which share the number of threads may differ from the baseline: 0.1 is 10 %.
    ///     A difference of up to ten threads never counts
    /// @param burst by how many threads their number may grow in a period, even if it doubles
    /// @param leaked how long a thread must have waited to be suspected of a leak that cannot be
    ///     proven
    public record Limits(Duration period, Duration blocked, double drift, int burst, Duration leaked) {
        /// Looks every 10 s; 30 s for a send, 10 %, 1,000 threads, 10 minutes.
        public static final Limits USUAL =
                new Limits(Duration.ofSeconds(10), Duration.ofSeconds(30), 0.1, 1_000, Duration.ofMinutes(10));

        /// @throws IllegalArgumentException if the period is not positive, or another limit is
        ///     negative
        public Limits {
            if (period.isNegative() || period.isZero()) {
                throw new IllegalArgumentException("the period of a lookout must be positive, but was " + period);
            }
            if (blocked.isNegative() || leaked.isNegative() || drift < 0 || burst < 0) {
                throw new IllegalArgumentException("no limit of a lookout may be negative: blocked " + blocked
                        + ", drift " + drift + ", burst " + burst + ", leaked " + leaked);
            }
        }
    }

    private static final int MOST = 100_000;
    private static final int FRAMES = 16;
    private static final int NEVER_DRIFT = 10;

    // set once
    private final Limits limits;
    private final Consumer<? super Finding> listener;
    private final CancellableContext life;
    private final Thread thread;

    /// -1 until the first look.
    private final AtomicLong baseline = new AtomicLong(-1);

    // only its thread
    private long before = -1;
    private Set<Object> told = Set.of();
    private Set<Object> stuckBefore = Set.of();

    private Lookout(Scheduler scheduler, Context context, Limits limits, Consumer<? super Finding> listener) {
        this.limits = Objects.requireNonNull(limits, "limits");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.life = context.withCancel();
        this.thread = scheduler.unstarted(Lane.STATE, "weir-lookout", this::run);
    }

    /// Starts one.
    ///
    /// @param context ends it when it is done
    /// @param listener is called by the lookout's thread, without locks; what it throws ends the
    ///     lookout, and goes to the thread's uncaught exception handler
    public static Lookout start(
            Scheduler scheduler, Context context, Limits limits, Consumer<? super Finding> listener) {
        var lookout = new Lookout(scheduler, context, limits, listener);
        lookout.thread.start();
        return lookout;
    }

    /// Makes the number of threads at the next look the usual one, from which it may drift. The
    /// first look does so by itself.
    public void settle() {
        baseline.set(-1);
    }

    private void run() {
        var ticker = Ticker.every(limits.period());
        try {
            while (true) {
                ticker.ticks().receive(life);
                look();
            }
        } catch (ContextException | InterruptedException e) {
            // Its owner has closed it.
        } finally {
            ticker.stop();
        }
    }

    private void look() {
        var now = new HashSet<Object>();
        count(now);
        var graph = WaitGraph.take(MOST, FRAMES);
        blocked(graph, now);
        stuck(graph, now);
        var leaks = LeakReport.of(graph.dump().threads(), limits.leaked());
        leaks.proven().forEach(leak -> tell(now, "leak " + leak.id(), new Finding.Leaked(leak, true)));
        leaks.suspected().forEach(leak -> tell(now, "leak " + leak.id(), new Finding.Leaked(leak, false)));
        told = now;
    }

    private void tell(Set<Object> now, Object key, Finding finding) {
        if (now.add(key) && !told.contains(key)) {
            listener.accept(finding);
        }
    }

    private void count(Set<Object> now) {
        long count = Snapshots.insight().count();
        baseline.compareAndSet(-1, count);
        long usual = baseline.get();
        long off = Math.abs(count - usual);
        if (off > NEVER_DRIFT && off > usual * limits.drift()) {
            tell(now, "drift", new Finding.CountDrifted(usual, count));
        }
        if (before >= 0 && count - before > Math.max(before, limits.burst())) {
            tell(now, "fan-out", new Finding.RunawayFanOut(before, count, limits.period()));
        }
        before = count;
    }

    private void blocked(WaitGraph graph, Set<Object> now) {
        for (var sender : graph.dump().threads()) {
            if (sender.timed()
                    || sender.waitsOn().size() != 1
                    || sender.waited().compareTo(limits.blocked()) < 0) {
                continue;
            }
            var channel = sender.waitsOn().getFirst();
            if (channel.awaited() == Awaited.SEND) {
                tell(
                        now,
                        List.of(sender.id(), channel.id(), channel.moved()),
                        new Finding.Blocked(sender, channel, graph.nameOf(channel.lastUser())));
            }
        }
    }

    private void stuck(WaitGraph graph, Set<Object> now) {
        var stuck = new HashSet<Object>(graph.stuckKeys());
        if (!stuck.isEmpty() && stuck.stream().anyMatch(stuckBefore::contains)) {
            tell(now, "stuck", new Finding.Stuck(graph));
        }
        stuckBefore = stuck;
    }

    /// Ends it, and waits for its thread unless that calls: so the listener is not called any more.
    @Override
    public void close() {
        life.cancel();
        boolean interrupted = false;
        while (!thread.equals(Thread.currentThread())) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
