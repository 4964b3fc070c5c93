package dev.weir.runtime;

import dev.weir.runtime.control.Simulations;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/// The lock of a channel or a processor, which is its superclass so that taking it costs no indirection.
///
/// The sections under it are a few dozen instructions without callbacks, parking or waking, so contention
/// ends within nanoseconds, unless the operating system has descheduled the holder's carrier. Hence three
/// steps: a few pauses (under a microsecond, none on one processor), a few yields, then sleeps that double up
/// to a bound, so that neither a platform thread nor a carrier burns its processor. Sleeping needs no wake-up
/// and thus no queue in the fast path. [java.util.concurrent.locks.ReentrantLock] took twice as long
/// uncontended and formed convoys with 16 senders.
abstract sealed class SpinLock permits Exchange, Roster, RunQueue, SharedQueue {
    private static final VarHandle HELD;
    private static final int PAUSES = Runtime.getRuntime().availableProcessors() == 1 ? 0 : 30;
    private static final int YIELDS = 8;
    private static final long FIRST_SLEEP_NANOS = 20_000;
    private static final long LONGEST_SLEEP_NANOS = 1_000_000;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(SpinLock.class, "held", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // written through HELD
    private int held;

    final void lock() {
        Simulations.point();
        if (!HELD.compareAndSet(this, 0, 1)) {
            contend();
        }
    }

    final void unlock() {
        HELD.setRelease(this, 0);
        Simulations.point();
    }

    /// [#lock()] where a simulation is to see no step: what is under it is no part of what the program
    /// does.
    final void lockUnseen() {
        if (!HELD.compareAndSet(this, 0, 1)) {
            contend();
        }
    }

    final void unlockUnseen() {
        HELD.setRelease(this, 0);
    }

    private boolean tryLock() {
        return (int) HELD.getOpaque(this) == 0 && HELD.compareAndSet(this, 0, 1);
    }

    @SuppressWarnings("ThreadPriorityCheck") // yield is a hint here; progress comes from the sleeps
    private void contend() {
        if (Simulations.current() != null) {
            // One thread at a time, and no time passes while the holder can run.
            while (!tryLock()) {
                Thread.yield();
            }
            return;
        }
        for (int i = 0; i < PAUSES; i++) {
            Thread.onSpinWait();
            if (tryLock()) {
                return;
            }
        }
        for (int i = 0; i < YIELDS; i++) {
            Thread.yield();
            if (tryLock()) {
                return;
            }
        }
        // An interrupted thread does not sleep, and must not yield in a loop instead: on the JDK's scheduler two that
        // yield keep their carrier to themselves, and the holder may wait in another queue of it for ever.
        boolean interrupted = Thread.interrupted();
        long sleep = FIRST_SLEEP_NANOS;
        while (!tryLock()) {
            LockSupport.parkNanos(this, sleep);
            interrupted |= Thread.interrupted();
            sleep = Math.min(sleep * 2, LONGEST_SLEEP_NANOS);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
