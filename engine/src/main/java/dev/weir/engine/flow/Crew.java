package dev.weir.engine.flow;

import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Named virtual threads that belong together and end together. Owned by one thread.
final class Crew {
    private static final Duration NUDGE = Duration.ofMillis(20);

    private final String name;
    private final Lane lane;
    private final List<Thread> threads = new ArrayList<>();

    Crew(String name) {
        this(name, Lane.SAMPLE);
    }

    Crew(String name, Lane lane) {
        this.name = name;
        this.lane = lane;
    }

    /// Starts the next thread: `name-1`, `name-2`, …
    void start(Runnable work) {
        threads.add(Scheduler.shared().start(lane, name + "-" + (threads.size() + 1), work));
    }

    /// Waits until all have ended.
    ///
    /// @param nanos how long at most; zero or less to look only
    /// @return whether all have ended
    boolean join(long nanos, FlowClock clock) throws InterruptedException {
        long deadline = clock.nanoTime() + nanos;
        for (Thread thread : threads) {
            long left = Math.max(0, deadline - clock.nanoTime());
            if (thread.isAlive() && (left == 0 || !thread.join(Duration.ofNanos(left)))) {
                return false;
            }
        }
        return true;
    }

    /// Interrupts those that run, again and again, since code in between may swallow an interrupt,
    /// until all have ended.
    ///
    /// @return whether all have ended in time
    boolean interrupt(Duration grace, FlowClock clock) throws InterruptedException {
        long deadline = clock.nanoTime() + grace.toNanos();
        do {
            threads.forEach(Thread::interrupt);
            if (join(NUDGE.toNanos(), clock)) {
                return true;
            }
        } while (clock.nanoTime() < deadline);
        return false;
    }

    /// The names of those that run.
    List<String> running() {
        return threads.stream().filter(Thread::isAlive).map(Thread::getName).toList();
    }
}
