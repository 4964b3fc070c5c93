package dev.weir.engine.flow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Interrupts calls of stages that take too long. One platform thread, so that it also runs when
/// stages keep all carriers busy; it exists only while a stage has a `timeout`.
///
/// Workers do not read the clock: the watchdog sees that a worker is still in the same call as
/// `timeout` ago. So a call is interrupted after its timeout plus at most a quarter of it.
final class Watchdog implements AutoCloseable {
    private static final long SHORTEST_TICK = 1_000_000;
    private static final long LONGEST_TICK = 250_000_000;

    private final FlowClock clock;
    private final List<Guard> guards = new CopyOnWriteArrayList<>();
    private volatile long tick = LONGEST_TICK;
    private volatile boolean closed;
    private boolean needed;
    private @Nullable Thread thread;

    Watchdog(FlowClock clock) {
        this.clock = clock;
    }

    FlowClock clock() {
        return clock;
    }

    /// Says that there will be guards with that timeout. Only before [#start].
    void expect(long timeoutNanos) {
        needed = true;
        tick = Math.clamp(timeoutNanos / 4, SHORTEST_TICK, tick);
    }

    /// A guard for the calls of one worker to one stage.
    Guard guard(long timeoutNanos) {
        var guard = new Guard(timeoutNanos);
        guards.add(guard);
        return guard;
    }

    /// Looks after that worker no more.
    void forget(Guard guard) {
        guards.remove(guard);
    }

    void start() {
        if (needed) {
            thread = Thread.ofPlatform().name("weir-watchdog").daemon().start(this::watch);
        }
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(tick);
            long now = clock.nanoTime();
            for (Guard guard : guards) {
                guard.look(now);
            }
        }
    }

    /// Ends the thread. Does not wait for it, since it holds nothing.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    /// Guards the calls of one worker to one stage. A call is entered and left by the worker.
    static final class Guard {
        private static final VarHandle STATE;
        private static final long IDLE = 0;
        private static final long FIRING = -1;
        private static final long FIRED = -2;

        static {
            try {
                STATE = MethodHandles.lookup().findVarHandle(Guard.class, "state", long.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final long timeoutNanos;

        /// Idle, firing, fired, or the number of the call that is under way.
        @SuppressWarnings("UnusedVariable") // written through STATE
        private volatile long state;

        // only the worker
        private long calls;
        private @Nullable Thread worker;

        // only the watchdog
        private long seen;
        private long since;

        private Guard(long timeoutNanos) {
            this.timeoutNanos = timeoutNanos;
        }

        long timeoutNanos() {
            return timeoutNanos;
        }

        /// Whether a call is under way. Only for the worker.
        boolean isEntered() {
            return state != IDLE;
        }

        /// A call begins.
        void enter() {
            worker = Thread.currentThread();
            STATE.setVolatile(this, ++calls);
        }

        /// A call ends.
        ///
        /// @return whether it took too long; the interrupt is then over
        boolean leave() {
            if (STATE.compareAndSet(this, calls, IDLE)) {
                return false;
            }
            while (state != FIRED) {
                Thread.onSpinWait();
            }
            Thread.interrupted();
            STATE.setVolatile(this, IDLE);
            return true;
        }

        private void look(long now) {
            long call = state;
            if (call <= 0) {
                seen = IDLE;
                return;
            }
            if (call != seen) {
                seen = call;
                since = now;
                return;
            }
            if (now - since >= timeoutNanos && STATE.compareAndSet(this, call, FIRING)) {
                Thread slow = worker;
                if (slow != null) {
                    slow.interrupt();
                }
                STATE.setVolatile(this, FIRED);
            }
        }
    }
}
