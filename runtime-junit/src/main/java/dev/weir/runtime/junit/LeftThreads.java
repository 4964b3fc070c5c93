package dev.weir.runtime.junit;

import dev.weir.runtime.control.LiveThreads;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// Finds virtual threads of the library's schedulers that have been started since and have not
/// ended, as Go's `goleak`: those of [dev.weir.runtime.Scheduler] and [dev.weir.runtime.Group],
/// and whatever these start. Threads on the JDK's scheduler are not seen.
///
/// {@snippet file="LeftThreadsExampleTest.java" region="watch"}
///
/// All threads of the process that start meanwhile are meant: tests that run at the same time are
/// not told apart. At most 100,000 threads are watched; each costs a stack trace when it starts.
public final class LeftThreads implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long FIRST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 100_000_000;
    private static final int SHOWN = 50;

    private final Set<Thread> before;
    private Duration patience = PATIENCE;
    private List<String> except = List.of();
    private boolean closed;

    private LeftThreads(Set<Thread> before) {
        this.before = before;
    }

    /// Begins to watch. To be closed.
    ///
    /// @throws IllegalStateException if the JVM does not let virtual threads run on a scheduler of
    ///     ours
    public static LeftThreads watch() {
        Bubble.requireOpenDoors();
        LiveThreads.switchOn();
        var before = new HashSet<Thread>();
        LiveThreads.now().forEach(live -> before.add(live.thread()));
        return new LeftThreads(before);
    }

    /// How long threads that are about to end are given; two seconds by default.
    public LeftThreads within(Duration patience) {
        this.patience = patience;
        return this;
    }

    /// Names of threads that may stay; a `*` at the end stands for anything.
    public LeftThreads except(String... names) {
        this.except = List.of(names);
        return this;
    }

    /// Looks again and again until no thread is left, or patience is at its end.
    ///
    /// @throws ThreadsLeftError if there are some then
    /// @throws InterruptedException if the thread is interrupted while it waits
    public void check() throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        long pause = FIRST_PAUSE_NANOS;
        var left = left();
        while (!left.isEmpty() && System.nanoTime() < until) {
            LockSupport.parkNanos(this, pause);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for threads to end");
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
            left = left();
        }
        if (!left.isEmpty()) {
            throw new ThreadsLeftError(left.size() + " threads were left behind, and have not ended within " + patience
                    + left.stream()
                            .limit(SHOWN)
                            .map(LeftThreads::describe)
                            .collect(Collectors.joining("\n  ", ":\n  ", "")));
        }
    }

    private List<LiveThreads.Live> left() {
        return LiveThreads.now().stream()
                .filter(live -> !before.contains(live.thread()))
                .filter(live -> !Thread.currentThread().equals(live.thread()))
                .filter(live -> except.stream().noneMatch(name -> matches(name, live.thread())))
                .toList();
    }

    private static boolean matches(String pattern, Thread thread) {
        return pattern.endsWith("*")
                ? thread.getName().startsWith(pattern.substring(0, pattern.length() - 1))
                : thread.getName().equals(pattern);
    }

    private static String describe(LiveThreads.Live live) {
        Thread thread = live.thread();
        Object blocker = LockSupport.getBlocker(thread);
        String starter = live.startedAt().stream()
                .filter(frame -> !G.packageOf(frame.getClassName()).equals(G.LIBRARY)
                        && !frame.getClassName().startsWith("java."))
                .findFirst()
                .map(frame -> "\n    started by " + G.shown(frame))
                .orElse("");
        return "\"" + thread.getName() + "\", " + thread.getState() + (blocker == null ? "" : " on " + G.text(blocker))
                + G.stack(thread.getStackTrace()) + starter;
    }

    /// Ends the watch. May be called repeatedly.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LiveThreads.switchOff();
        }
    }
}
