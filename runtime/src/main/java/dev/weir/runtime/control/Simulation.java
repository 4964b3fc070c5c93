package dev.weir.runtime.control;

import java.time.Instant;
import java.util.concurrent.Future;

/// A world of its own for the virtual threads in it, where a tool for tests decides what time it
/// is, when timers fire and who runs next.
///
/// Its virtual threads are made by [VirtualThreads#make] for a scheduler whose only thread is a
/// [Carrier]; that is how the library knows that it is in there. All methods are called by threads
/// of that world, or by its carrier.
public interface Simulation {
    /// The platform thread that runs the virtual threads of a simulation: to be implemented by a
    /// subclass of [Thread].
    interface Carrier {
        /// The simulation that it runs at this moment.
        Simulation simulation();
    }

    /// The time in that world, instead of [System#nanoTime()].
    long nanoTime();

    /// The time of day in that world, instead of [Instant#now()].
    Instant instant();

    /// Runs a task when [#nanoTime()] has reached `nanos`, in a virtual thread of that world.
    /// Cancelling the future before prevents it.
    Future<?> schedule(Runnable task, long nanos);

    /// Parks the calling thread until it is unparked or interrupted, or [#nanoTime()] has reached
    /// `nanos`; may return sooner for no reason, as
    /// [java.util.concurrent.locks.LockSupport#park(Object)] may.
    ///
    /// @param blocker what it waits for
    void park(Object blocker, long nanos);

    /// A point at which the calling thread may be made to wait for its next turn. Called with no
    /// lock that another thread could wait for except by trying again and yielding.
    void point();

    /// A number from `origin` (inclusive) to `bound` (exclusive), instead of a random one.
    int choose(int origin, int bound);
}
