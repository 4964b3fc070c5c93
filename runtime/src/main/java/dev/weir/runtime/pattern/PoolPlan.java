package dev.weir.runtime.pattern;

import dev.weir.runtime.Context;
import java.util.Objects;
import java.util.function.Consumer;

/// How a [WorkerPool] shall be; belongs to one thread, and may be started several times.
///
/// @param <T> the type of the elements
public final class PoolPlan<T> {
    /// More threads than that are a mistake, or a case for a group with a limit.
    static final int MOST_WORKERS = 10_000;

    /// What runs the workers.
    enum Kind {
        /// Virtual threads.
        IO,
        /// Platform threads.
        CPU
    }

    // set once
    final Kind kind;
    final String name;
    final WorkerPool.Handler<? super T> handler;

    // only the owner thread
    int workers;
    int queue = 1024;
    Overflow overflow = Overflow.BLOCK;
    Consumer<? super T> onDropped = _ -> {};
    int errors = 256;
    Consumer<? super ErrorChannel.Alert> onErrors = _ -> {};

    PoolPlan(Kind kind, String name, int workers, WorkerPool.Handler<? super T> handler) {
        this.kind = kind;
        this.name = Objects.requireNonNull(name, "name");
        this.workers = workers;
        this.handler = Objects.requireNonNull(handler, "handler");
    }

    /// How many threads work; 64 for I/O and one for each processor for computing if this is not
    /// called.
    ///
    /// @param workers 1 to 10,000
    /// @return this plan
    /// @throws IllegalArgumentException if it is fewer or more
    public PoolPlan<T> workers(int workers) {
        this.workers = checkedWorkers(name, workers);
        return this;
    }

    static int checkedWorkers(String name, int workers) {
        if (workers < 1 || workers > MOST_WORKERS) {
            throw new IllegalArgumentException(
                    "pool " + name + " must have 1 to " + MOST_WORKERS + " workers, but was " + workers);
        }
        return workers;
    }

    /// How many elements may wait for a worker; 1,024 if this is not called.
    ///
    /// @param capacity as for [dev.weir.runtime.Channel#bounded(int)], which is checked at the
    ///     start
    /// @return this plan
    public PoolPlan<T> queue(int capacity) {
        this.queue = capacity;
        return this;
    }

    /// What happens to one more; [Overflow#BLOCK] if this is not called.
    ///
    /// @return this plan
    public PoolPlan<T> overflow(Overflow overflow) {
        this.overflow = Objects.requireNonNull(overflow, "overflow");
        return this;
    }

    /// Who gets the elements that no worker gets, exactly once each: in the thread that submits,
    /// that closes the pool, or one of the pool's own when its context ends.
    ///
    /// @return this plan
    public PoolPlan<T> onDropped(Consumer<? super T> onDropped) {
        this.onDropped = Objects.requireNonNull(onDropped, "onDropped");
        return this;
    }

    /// How many failures are kept for [WorkerPool#errors()], 256 if this is not called, and who is
    /// told when half of that is full.
    ///
    /// @param capacity as for [dev.weir.runtime.Channel#bounded(int)], which is checked at the
    ///     start
    /// @return this plan
    public PoolPlan<T> errors(int capacity, Consumer<? super ErrorChannel.Alert> onHalfFull) {
        this.errors = capacity;
        this.onErrors = Objects.requireNonNull(onHalfFull, "onHalfFull");
        return this;
    }

    /// Starts the workers.
    ///
    /// @param parent ends the pool when it is done, without draining
    /// @throws IllegalArgumentException if a capacity is out of its bounds
    public WorkerPool<T> start(Context parent) {
        return new WorkerPool<>(this, Objects.requireNonNull(parent, "parent"));
    }
}
