package dev.weir.runtime.junit;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// The clock of a bubble and what waits for it. Only the bubble's carrier and the threads it runs
/// use it.
final class VirtualTimers {
    /// What is farther away than this (73 years) is taken to mean never.
    private static final long NEVER = Long.MAX_VALUE / 4;

    private final PriorityQueue<Timer> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Timer::nanos).thenComparingLong(Timer::number));
    private long now;
    private long made;

    /// Something that happens when the clock has reached a time.
    final class Timer extends FutureTask<@Nullable Void> {
        private final long nanos;
        private final long number = made++;

        private Timer(Runnable task, long nanos) {
            super(task, null);
            this.nanos = nanos;
        }

        private long nanos() {
            return nanos;
        }

        private long number() {
            return number;
        }

        @Override
        protected void done() {
            waiting.remove(this);
        }
    }

    long now() {
        return now;
    }

    Timer add(Runnable task, long nanos) {
        var timer = new Timer(task, nanos);
        waiting.add(timer);
        return timer;
    }

    /// Sets the clock to the time of the next timer and runs all that are due then. Returns false
    /// if there is none.
    boolean advance() {
        Timer first = waiting.peek();
        if (first == null || first.nanos - now > NEVER) {
            return false;
        }
        now = Math.max(now, first.nanos);
        for (Timer due = first; due != null && due.nanos <= now; due = waiting.peek()) {
            waiting.remove(due);
            due.run();
        }
        return true;
    }
}
