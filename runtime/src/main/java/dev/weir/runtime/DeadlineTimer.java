package dev.weir.runtime;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The one timer thread of the process, started with the first deadline. A platform thread, because a virtual
/// one would not run while every carrier is busy, which is when deadlines matter. It only ends contexts:
/// their functions run elsewhere.
final class DeadlineTimer {
    private static final ScheduledThreadPoolExecutor TIMER = start();

    private DeadlineTimer() {}

    static Future<?> schedule(Runnable task, Deadline deadline) {
        var world = deadline.world();
        if (world != null) {
            return world.schedule(task, deadline.nanos());
        }
        return TIMER.schedule(task, deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    }

    /// How many deadlines are pending.
    static int pending() {
        return TIMER.getQueue().size();
    }

    private static ScheduledThreadPoolExecutor start() {
        var threads = Thread.ofPlatform()
                .name("weir-deadlines")
                .daemon(true)
                .inheritInheritableThreadLocals(false)
                .factory();
        var timer = new ScheduledThreadPoolExecutor(1, threads);
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }
}
