package dev.weir.runtime.junit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The monitors that rewritten code takes in a bubble. Simulated, because the JVM hands a contended
/// monitor over by a thread of its own, at a time that no seed decides.
///
/// While the simulated monitor is held, the code also holds a real one: the object's own if that
/// is an object of the JDK, which synchronizes on it too, else a token that nobody else knows, so
/// that [#await] can wait without letting it go.
final class Monitors {
    private final World world;
    private final IdentityHashMap<Object, Monitor> taken = new IdentityHashMap<>();

    /// One object's monitor.
    private static final class Monitor implements G.Inside {
        private final String of;
        private final Deque<Thread> entering = new ArrayDeque<>();
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private @Nullable Thread owner;
        private int depth;
        private Object token = this;

        Monitor(Object of) {
            this.of = of.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(of));
        }

        @Override
        public String toString() {
            Thread by = owner;
            return "the monitor of " + of + (by == null ? "" : ", which \"" + by.getName() + "\" holds");
        }
    }

    /// A thread in `Object.wait`.
    private static final class Waiting implements G.Inside {
        private final Thread thread = Thread.currentThread();
        private final String of;
        private boolean notified;

        Waiting(String of) {
            this.of = of;
        }

        @Override
        public String toString() {
            return "a notify of " + of;
        }
    }

    Monitors(World world) {
        this.world = world;
    }

    /// Takes the monitor; returns the object to lock in truth.
    Object enter(Object object) {
        world.point();
        var monitor = taken.computeIfAbsent(object, Monitor::new);
        if (Thread.currentThread().equals(monitor.owner)) {
            monitor.depth++;
            return monitor.token;
        }
        acquire(monitor);
        monitor.depth = 1;
        monitor.token = isOfJdk(object) ? object : new Object();
        return monitor.token;
    }

    private static boolean isOfJdk(Object object) {
        Class<?> type = object.getClass();
        return !type.isArray() && type != Object.class && type.getName().startsWith("java.");
    }

    /// Uninterruptible; the interrupt is kept.
    private static void acquire(Monitor monitor) {
        Thread me = Thread.currentThread();
        boolean interrupted = false;
        monitor.entering.remove(me); // where a notify has put it
        while (monitor.owner != null) {
            monitor.entering.add(me);
            LockSupport.park(monitor);
            interrupted |= Thread.interrupted();
            monitor.entering.remove(me);
        }
        monitor.owner = me;
        if (interrupted) {
            me.interrupt();
        }
    }

    /// The object that [#enter] has told to lock.
    Object token(Object object) {
        return owned(object).token;
    }

    void exit(Object object) {
        var monitor = owned(object);
        monitor.depth--;
        if (monitor.depth == 0) {
            release(monitor);
            if (monitor.entering.isEmpty() && monitor.waiting.isEmpty()) {
                taken.remove(object);
            }
        }
        world.point();
    }

    /// Whoever wants it competes for it: the order decides.
    private static void release(Monitor monitor) {
        monitor.owner = null;
        for (Thread next : monitor.entering) {
            LockSupport.unpark(next);
        }
    }

    /// `Object.wait`; `nanos` of the bubble's time, 0 for ever.
    void await(Object object, long nanos) throws InterruptedException {
        var monitor = owned(object);
        if (isOfJdk(object)) {
            throw new UnsupportedOperationException(
                    "wait on " + monitor.of + ", an object of the JDK, cannot be simulated; use an object of your own");
        }
        var me = new Waiting(monitor.of);
        int depth = monitor.depth;
        Object token = monitor.token;
        monitor.waiting.add(me);
        release(monitor);
        world.point();
        long until = world.nanoTime() + nanos;
        boolean interrupted = false;
        while (!me.notified && !interrupted && (nanos == 0 || world.nanoTime() < until)) {
            if (Thread.interrupted()) {
                interrupted = true;
            } else if (nanos == 0) {
                LockSupport.park(me);
            } else {
                world.park(me, until);
            }
        }
        monitor.waiting.remove(me);
        acquire(monitor);
        monitor.depth = depth;
        monitor.token = token;
        if (interrupted) {
            if (me.notified) {
                Thread.currentThread().interrupt(); // the notify counts
            } else {
                throw new InterruptedException("interrupted while waiting for " + me);
            }
        }
    }

    /// `Object.notify`: one of those who wait, which one the order decides.
    void signal(Object object) {
        var monitor = owned(object);
        int count = monitor.waiting.size();
        if (count > 0) {
            int pick = world.choose(0, count);
            for (var each : monitor.waiting) {
                if (pick-- == 0) {
                    wake(monitor, each);
                    return;
                }
            }
        }
    }

    void signalAll(Object object) {
        var monitor = owned(object);
        while (!monitor.waiting.isEmpty()) {
            wake(monitor, monitor.waiting.getFirst());
        }
    }

    private static void wake(Monitor monitor, Waiting waiting) {
        monitor.waiting.remove(waiting);
        monitor.entering.add(waiting.thread); // so that the monitor is kept
        waiting.notified = true;
        LockSupport.unpark(waiting.thread);
    }

    private Monitor owned(Object object) {
        var monitor = taken.get(Objects.requireNonNull(object, "the object of the monitor"));
        if (monitor == null || !Thread.currentThread().equals(monitor.owner)) {
            throw new IllegalMonitorStateException(
                    "current thread is not owner of " + object.getClass().getName());
        }
        return monitor;
    }
}
