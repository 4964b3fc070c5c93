package dev.weir.runtime.junit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// The threads of a bubble that wait until all others are blocked. Only the bubble's carrier and
/// the threads it runs use it.
final class Settlers {
    private final List<Settler> waiting = new ArrayList<>();

    private record Settler(Thread thread) implements G.Inside {
        @Override
        public String toString() {
            return "until all others are blocked";
        }
    }

    /// Waits until it is woken by [#wakeFirst()].
    void await() throws InterruptedException {
        var me = new Settler(Thread.currentThread());
        waiting.add(me);
        while (waiting.contains(me)) {
            if (Thread.interrupted()) {
                waiting.remove(me);
                throw new InterruptedException("interrupted while waiting for the bubble to settle");
            }
            LockSupport.park(me);
        }
    }

    /// Wakes who has waited longest; returns false if nobody waits.
    boolean wakeFirst() {
        if (waiting.isEmpty()) {
            return false;
        }
        LockSupport.unpark(waiting.removeFirst().thread());
        return true;
    }
}
