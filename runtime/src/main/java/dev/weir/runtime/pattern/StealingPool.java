package dev.weir.runtime.pattern;

import dev.weir.runtime.CancellableContext;
import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.ContextException;
import dev.weir.runtime.ReceiveOnClosedException;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.Select;
import dev.weir.runtime.SendOnClosedException;
import dev.weir.runtime.WaitGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Workers with a queue each, who help each other out: for work of which nobody knows how big it is
/// before it has begun, because it splits itself (a folder, a tree, a range that is halved).
///
/// {@snippet file="pattern/PatternExamplesTest.java" region="stealing"}
///
/// A handler puts what it splits off into the queue of its own worker ([Own#fork(Object)]), without
/// touching what the others use; a worker that has nothing takes half of another one's queue, from
/// the other end. Elements from outside go through one bounded channel, of which a worker takes
/// its share.
///
/// Where elements do not split, a [WorkerPool] does the same with less: its workers share one
/// queue, so that none has too much. Not for work that waits: a worker is one thread.
///
/// **Cost.** To fork and take back costs a lock that nobody else wants, no thread switch. The
/// workers are virtual threads; more of them than the scheduler has processors are of no use for
/// computing.
///
/// **Bounds.** `capacity` elements wait in the channel, and as many in the queue of each worker. A
/// fork for which there is no room is refused: the handler does that part itself, at once.
///
/// **Failures.** What a handler throws does not end its worker: it is counted and goes to
/// [#errors()]. There is no order. All methods may be called by any thread.
///
/// @param <T> the type of the elements
public final class StealingPool<T> implements AutoCloseable {
    private static final int ERRORS = 256;
    private static final int MOST_AT_ONCE = 32;
    private static final int LOOK_OUTSIDE_EVERY = 61;

    /// What is done with an element.
    ///
    /// @param <T> the type of the elements
    @FunctionalInterface
    public interface Handler<T> {
        /// Handles it, or splits it with `own`; watches the context, which is done when the pool
        /// ends without waiting.
        void handle(Context context, T element, Own<T> own) throws Exception;
    }

    /// The queue of the worker that runs a handler; for that handler only, while it runs.
    ///
    /// @param <T> the type of the elements
    @FunctionalInterface
    public interface Own<T> {
        /// Puts an element into the worker's queue. Does not block.
        ///
        /// @return false if there is no room
        boolean fork(T element);
    }

    /// Which of its own elements a worker takes first; thieves take from the other end.
    public enum Turn {
        /// What was put in last, as in a call: little waits, memory is warm, and thieves get the
        /// biggest parts. For work that splits itself.
        NEWEST_FIRST,

        /// What was put in first. For work where nothing should wait long.
        OLDEST_FIRST
    }

    /// How big a pool is.
    ///
    /// @param workers 1 to 1024
    /// @param capacity of the channel, and of each worker's queue; at least 1
    /// @param turn which element a worker takes first
    public record Shape(int workers, int capacity, Turn turn) {
        /// @throws IllegalArgumentException if a number is out of its bounds
        public Shape {
            Objects.requireNonNull(turn, "turn");
            if (workers < 1 || workers > 1024) {
                throw new IllegalArgumentException("a stealing pool must have 1 to 1024 workers, but was " + workers);
            }
            if (capacity < 1 || capacity > 1 << 20) {
                throw new IllegalArgumentException(
                        "the capacity of a stealing pool must be 1 to " + (1 << 20) + ", but was " + capacity);
            }
        }
    }

    /// What a pool has done so far. When nothing moves, `submitted + forked = done + failed +
    /// left`.
    ///
    /// @param submitted elements that came from outside
    /// @param forked elements that came from handlers
    /// @param done elements whose handler has returned
    /// @param failed elements whose handler has thrown
    /// @param stolen elements that a worker has taken from another one
    /// @param left elements that wait or are under way
    public record Stats(long submitted, long forked, long done, long failed, long stolen, long left) {}

    // set once
    private final String name;
    private final Handler<T> handler;
    private final CancellableContext context;
    private final Channel<T> outside;
    private final Channel<Boolean> wake;
    private final Channel<Boolean> finished = Channel.unbuffered(); // closed when all is done
    private final List<Worker> workers = new ArrayList<>();
    private final WaitGroup threads;
    private final ErrorChannel<Failed<T>> errors;
    private final AtomicLong left = new AtomicLong();
    private final AtomicInteger asleep = new AtomicInteger();
    private final LongAdder submitted = new LongAdder();
    private final LongAdder forked = new LongAdder();
    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder stolen = new LongAdder();

    // written by those who end it
    private volatile boolean ending;
    private volatile boolean drained;

    private StealingPool(Context parent, String name, Shape shape, Handler<T> handler) {
        this.name = Objects.requireNonNull(name, "name");
        this.handler = Objects.requireNonNull(handler, "handler");
        this.outside = Channel.bounded(shape.capacity);
        this.wake = Channel.bounded(shape.workers);
        this.threads = WaitGroup.of(name);
        this.errors = ErrorChannel.bounded(name, ERRORS, _ -> {});
        this.context = parent.withCancel();
        for (int i = 0; i < shape.workers; i++) {
            workers.add(new Worker(i, new WorkDeque<>(shape.capacity, shape.turn == Turn.NEWEST_FIRST)));
        }
    }

    /// Starts a pool; its workers are virtual threads, where the caller runs.
    ///
    /// @param <T> the type of the elements
    /// @param parent ends the pool when it is done, without waiting for what is left
    /// @param name names the threads, which are `name-1`, `name-2` and so on
    public static <T> StealingPool<T> start(Context parent, String name, Shape shape, Handler<T> handler) {
        var pool = new StealingPool<>(parent, name, shape, handler);
        // Those who wait for room are told.
        pool.context.afterFunc(pool.outside::closeAndDrain);
        for (int i = 0; i < shape.workers; i++) {
            pool.threads.add(1);
            Scheduler.go(name + "-" + (i + 1), pool.workers.get(i));
        }
        return pool;
    }

    /// Hands an element to the workers; waits while the channel is full.
    ///
    /// @throws RefusedException if the pool has ended; the element stays the caller's
    /// @throws ContextException if the context is done before; the element was not taken
    /// @throws InterruptedException if the thread is interrupted before or while it waits; the
    ///     element was not taken
    public void submit(Context waiting, T element) throws InterruptedException {
        left.incrementAndGet();
        boolean taken = false;
        try {
            if (context.isDone()) {
                throw new RefusedException("pool " + name + " has ended and takes no more elements");
            }
            outside.send(element, waiting);
            taken = true;
            submitted.increment();
        } catch (SendOnClosedException _) {
            throw new RefusedException("pool " + name + " has ended and takes no more elements");
        } finally {
            if (!taken) {
                oneLess();
            }
        }
    }

    private void oneLess() {
        if (left.decrementAndGet() == 0 && ending) {
            finish();
        }
    }

    private void finish() {
        wake.closeIfOpen();
        finished.closeIfOpen();
    }

    /// Takes no more elements and waits until all are done, the forked ones too, for as long as
    /// `patience` is not done; then the context of the handlers is cancelled, and what waits is
    /// gone.
    ///
    /// @return how many elements were not done
    /// @throws InterruptedException if the thread is interrupted while it waits; the pool goes on,
    ///     and can be drained again
    public long drain(Context patience) throws InterruptedException {
        ending = true;
        outside.closeIfOpen();
        if (left.get() == 0) {
            finish();
        }
        try (var either = patience.linkedTo(context)) {
            finished.receiveUpTo(new ArrayList<>(1), 1, either);
        } catch (ContextException _) {
            // over: by the patience, or with the pool's parent
        }
        long undone = left.get();
        drained = true;
        context.cancel();
        errors.close();
        return undone;
    }

    /// The failures of handlers, with the elements; keeps the latest 256.
    public ErrorChannel<Failed<T>> errors() {
        return errors;
    }

    /// The counters, which are read one after the other.
    public Stats stats() {
        return new Stats(submitted.sum(), forked.sum(), done.sum(), failed.sum(), stolen.sum(), left.get());
    }

    /// Cancels the context of the handlers and waits until they have returned, for the case that
    /// [#drain(Context)] was not reached; what waits is gone. An interrupt does not end the wait;
    /// it is kept for the caller.
    @Override
    public void close() {
        ending = true;
        outside.closeIfOpen();
        context.cancel();
        Threads.awaitEnd(threads, () -> drained);
        errors.close();
    }

    @Override
    public String toString() {
        return "StealingPool(" + name + ", " + workers.size() + " workers, " + left.get() + " elements left)";
    }

    /// Whoever has put more into a queue than it works on itself wakes one who sleeps, and that one
    /// the next. A worker counts itself asleep before it looks a last time, and the look takes the
    /// lock of each queue that has something: so either it finds the element, or is seen here.
    private void wakeOne() {
        try {
            if (asleep.get() > 0) {
                wake.trySend(true);
            }
        } catch (SendOnClosedException _) {
            // others have stolen and done it, and it was the last: nobody is left to wake
        }
    }

    private final class Worker implements Runnable, Own<T> {
        // set once
        private final int index;
        private final WorkDeque<T> own;

        // only the worker's thread
        private int turns;
        private boolean outsideEnded;

        Worker(int index, WorkDeque<T> own) {
            this.index = index;
            this.own = own;
        }

        @Override
        public boolean fork(T element) {
            Objects.requireNonNull(element, "element");
            left.incrementAndGet();
            if (!own.push(element)) {
                oneLess();
                return false;
            }
            forked.increment();
            wakeOne();
            return true;
        }

        @Override
        public void run() {
            try {
                while (!context.isDone()) {
                    var element = find();
                    if (element == null) {
                        element = sleep();
                    }
                    if (element != null) {
                        work(element);
                    }
                }
            } catch (ContextException | ReceiveOnClosedException _) {
                // cancelled, or all is done
            } finally {
                threads.done();
            }
        }

        private @Nullable T find() {
            T element = null;
            if (++turns % LOOK_OUTSIDE_EVERY == 0) {
                element = fromOutside();
            }
            if (element == null) {
                element = own.take();
            }
            if (element == null) {
                element = fromOutside();
            }
            return element == null ? steal() : element;
        }

        /// A share of what is in the channel: the first of it, the rest in the own queue.
        private @Nullable T fromOutside() {
            int most = own.capacity();
            int share = Math.clamp(outside.length() / workers.size(), 1, MOST_AT_ONCE);
            try {
                var first = outside.length() == 0 ? null : outside.tryReceive();
                for (int i = 1; i < share && first != null && own.size() < most; i++) {
                    var next = outside.tryReceive();
                    if (next == null) {
                        break;
                    }
                    keep(next);
                }
                return first;
            } catch (ReceiveOnClosedException _) {
                return null; // the wait will notice
            }
        }

        private void keep(T element) {
            own.push(element); // has room: only its owner puts anything in
            wakeOne();
        }

        private @Nullable T steal() {
            // from another one each time: not all thieves at the same door
            int start = Math.floorMod(index + turns, workers.size());
            for (int i = 0; i < workers.size(); i++) {
                var victim = workers.get((start + i) % workers.size());
                var loot = victim.own == own ? List.<T>of() : victim.own.stealHalf();
                if (!loot.isEmpty()) {
                    stolen.add(loot.size());
                    loot.forEach(this::keep);
                    return own.take(); // unless another thief was here, who has it then
                }
            }
            return null;
        }

        private @Nullable T sleep() {
            asleep.incrementAndGet();
            try {
                var element = find();
                return element != null ? element : somethingElse();
            } catch (InterruptedException _) {
                return null; // left behind by a handler: nobody else knows this thread
            } finally {
                asleep.decrementAndGet();
            }
        }

        private @Nullable T somethingElse() throws InterruptedException {
            return Select.<@Nullable T>select(
                    Select.<T, @Nullable T>receive(outsideEnded ? Channel.never() : outside, element -> element, () -> {
                        outsideEnded = true;
                        return null;
                    }),
                    Select.<Boolean, @Nullable T>receive(wake, _ -> null),
                    Select.<@Nullable T>done(context, () -> null));
        }

        // A handler may throw anything, and the worker goes on.
        @SuppressWarnings("CatchingUnchecked")
        private void work(T element) {
            try {
                handler.handle(context, element, this);
                done.increment();
            } catch (Throwable thrown) {
                failed.increment();
                errors.report(new Failed<>(element, Thread.currentThread().getName(), thrown));
                Callback.reportError(thrown);
            } finally {
                oneLess();
            }
        }
    }
}
