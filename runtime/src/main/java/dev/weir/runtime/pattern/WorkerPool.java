package dev.weir.runtime.pattern;

import dev.weir.runtime.CancellableContext;
import dev.weir.runtime.Channel;
import dev.weir.runtime.ChannelStats;
import dev.weir.runtime.Context;
import dev.weir.runtime.ContextException;
import dev.weir.runtime.ReceiveOnClosedException;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.WaitGroup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A bounded queue and a number of workers that handle what is in it: a bound on work under way and
/// on work that waits, where a thread for each element has neither.
///
/// {@snippet file="pattern/PatternExamplesTest.java" region="pool"}
///
/// One word says what the work is: [#io(String, Handler)] runs it on virtual threads, of which
/// hundreds may wait for others; [#cpu(String, Handler)] on platform threads, one for each
/// processor, so that computing does not keep virtual threads from running. Where elements of one
/// device must stay in order, use a [Pipeline] partitioned by key: a pool has no order. Where
/// callers come at their own rate and only the number at the same time matters, a
/// [dev.weir.runtime.WeightedSemaphore] or a [dev.weir.runtime.Group] with a limit is less.
///
/// **Cost.** An element costs a send and a receive with a context, and a thread switch if the
/// worker was idle. Memory: the queue's capacity, taken at once, and a thread for each worker.
///
/// **Failures.** What the handler throws does not end the worker: it is counted and goes to
/// [#errors()]; an [Error] also goes to the uncaught exception handler. A handler that never
/// returns keeps its worker for ever; it should watch its context.
///
/// **The end.** [#drain(Context)] lets the workers finish and tells what they did not;
/// [#close()] and the end of the parent context drop what waits. Workers are not interrupted. All
/// methods may be called by any thread, but a handler that drains or closes its own pool waits for
/// itself.
///
/// @param <T> the type of the elements
public final class WorkerPool<T> implements AutoCloseable {
    private static final int IO_WORKERS = 64;

    /// What is done with an element.
    ///
    /// @param <T> the type of the element
    @FunctionalInterface
    public interface Handler<T> {
        /// Handles it; may block, for as long as the context is not done, which is when the pool
        /// ends without waiting.
        void handle(Context context, T element) throws Exception;
    }

    // set once
    private final PoolPlan.Kind kind;
    private final String name;
    private final Handler<? super T> handler;
    private final Intake<T> intake;
    private final Channel<T> queue;
    private final ErrorChannel<Failed<T>> errors;
    private final CancellableContext context;
    private final Context.AfterFunc onEnd;
    private final WaitGroup threads;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();

    // guarded by the lock
    private final ArrayDeque<Worker> employed = new ArrayDeque<>();
    private final List<Worker> alive = new ArrayList<>();
    private final List<T> left = new ArrayList<>();
    private int hired;
    // written under the lock, read by all
    private volatile boolean ending;
    private volatile boolean drained;

    WorkerPool(PoolPlan<T> plan, Context parent) {
        kind = plan.kind;
        name = plan.name;
        handler = plan.handler;
        intake = new Intake<>(name, plan.queue, plan.overflow, plan.onDropped);
        queue = intake.queue;
        errors = ErrorChannel.bounded(name, plan.errors, plan.onErrors);
        threads = WaitGroup.of(name);
        context = parent.withCancel();
        onEnd = context.afterFunc(this::giveUp);
        employ(plan.workers); // does nothing if the parent has ended already
    }

    /// A pool for work that waits: its workers are virtual threads.
    ///
    /// @param <T> the type of the elements
    /// @param name names the threads, which are `name-1`, `name-2` and so on
    public static <T> PoolPlan<T> io(String name, Handler<? super T> handler) {
        return new PoolPlan<>(PoolPlan.Kind.IO, name, IO_WORKERS, handler);
    }

    /// A pool for work that computes: its workers are daemon platform threads.
    ///
    /// @param <T> the type of the elements
    /// @param name names the threads, which are `name-1`, `name-2` and so on
    public static <T> PoolPlan<T> cpu(String name, Handler<? super T> handler) {
        return new PoolPlan<>(PoolPlan.Kind.CPU, name, Runtime.getRuntime().availableProcessors(), handler);
    }

    /// Hands an element to the workers. Waits for room with [Overflow#BLOCK], and never otherwise.
    ///
    /// @throws RefusedException if the queue is full and refuses, or the pool has ended; the
    ///     element stays the caller's
    /// @throws ContextException if the context is done before; the element was not taken
    /// @throws InterruptedException if the thread is interrupted before or while it waits; the
    ///     element was not taken
    public void submit(Context context, T element) throws InterruptedException {
        intake.submit(Objects.requireNonNull(context, "context"), Objects.requireNonNull(element, "element"));
    }

    /// Hands an element to the workers without waiting; drops one if that is the policy.
    ///
    /// @return false if there is no room and the policy is [Overflow#BLOCK] or [Overflow#REFUSE];
    ///     the element stays the caller's
    /// @throws RefusedException if the pool has ended; the element stays the caller's
    public boolean trySubmit(T element) {
        return intake.trySubmit(Objects.requireNonNull(element, "element"));
    }

    /// Changes the number of workers, at once and without waiting. A worker too many finishes the
    /// element that it has. New ones run where the caller runs, if they are virtual threads.
    ///
    /// @param workers 1 to 10,000
    /// @throws IllegalArgumentException if it is fewer or more
    /// @throws IllegalStateException if the pool has ended
    public void resize(int workers) {
        PoolPlan.checkedWorkers(name, workers);
        if (!employ(workers)) {
            throw new IllegalStateException("pool " + name + " has ended and cannot be resized");
        }
    }

    private boolean employ(int workers) {
        var dismissed = new ArrayList<Worker>();
        lock.lock();
        try {
            if (ending) {
                return false;
            }
            while (employed.size() < workers) {
                hireLocked();
            }
            while (employed.size() > workers) {
                dismissed.add(employed.removeLast());
            }
        } finally {
            lock.unlock();
        }
        dismissed.forEach(worker -> worker.contract.cancel());
        return true;
    }

    private void hireLocked() {
        var worker = new Worker();
        String threadName = name + "-" + (hired + 1);
        threads.add(1);
        boolean started = false;
        try {
            switch (kind) {
                case IO -> Scheduler.go(threadName, worker);
                case CPU -> Thread.ofPlatform().daemon().name(threadName).start(worker);
            }
            started = true;
        } finally {
            if (!started) {
                threads.done();
            }
        }
        hired++;
        employed.addLast(worker);
        alive.add(worker);
    }

    /// The failures of the handler, with the elements; at its bound it drops the oldest.
    public ErrorChannel<Failed<T>> errors() {
        return errors;
    }

    /// The counters of the pool, which are read one after the other.
    public PoolStats stats() {
        int underWay;
        int workers;
        lock.lock();
        try {
            workers = employed.size();
            underWay = (int)
                    alive.stream().filter(worker -> worker.current != null).count();
        } finally {
            lock.unlock();
        }
        return new PoolStats(
                workers,
                intake.submitted.get(),
                done.get(),
                failed.get(),
                intake.dropped.get(),
                intake.refused.get(),
                queue.length(),
                underWay);
    }

    /// The counters of the queue: how full it was, and how long submitters have waited for room.
    public ChannelStats queueStats() {
        return queue.stats();
    }

    /// Takes no more elements and waits until the workers have done what is there, for as long as
    /// `patience` is not done; what waits then is dropped, and the context of the handlers is
    /// cancelled. Handlers that do not return are left behind, and named.
    ///
    /// @return what was not done
    /// @throws InterruptedException if the thread is interrupted while it waits; the pool goes on
    ///     draining, and can be drained again
    public Leftover<T> drain(Context patience) throws InterruptedException {
        end();
        try {
            threads.await(patience);
        } catch (ContextException _) {
            // the patience, or the caller's own end: either way it is over
        }
        onEnd.stop();
        giveUp();
        lock.lock();
        try {
            drained = true;
            errors.close();
            return new Leftover<>(left, underWayLocked());
        } finally {
            lock.unlock();
        }
    }

    /// Waits for workers who have taken an element and not said so yet, a few instructions; idle
    /// ones leave.
    private List<T> underWayLocked() {
        while (true) {
            var underWay = new ArrayList<T>();
            for (var worker : alive) {
                T current = worker.current;
                if (current != null) {
                    underWay.add(current);
                }
            }
            if (underWay.size() == alive.size()) {
                return underWay;
            }
            moved.awaitUninterruptibly();
        }
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        locked(() -> ending = true);
        queue.closeIfOpen();
    }

    /// Ends the pool without waiting.
    private void giveUp() {
        end();
        List<T> found;
        lock.lock();
        try {
            // Under the lock, so that one who drains sees all that the end of the context has found. It does not wait.
            found = queue.closeAndDrain();
            left.addAll(found);
        } finally {
            lock.unlock();
        }
        found.forEach(intake::drop);
        context.cancel();
        locked(this::closeErrorsAtTheEndLocked);
    }

    /// Handlers may fail for as long as they run.
    private void closeErrorsAtTheEndLocked() {
        if (ending && alive.isEmpty()) {
            errors.close();
        }
    }

    private void abandon(T element) {
        locked(() -> left.add(element));
        intake.drop(element);
    }

    /// Drops what waits, cancels the context of the handlers and waits until they have returned,
    /// for the case that [#drain(Context)] was not reached; after that one it does nothing. An
    /// interrupt does not end the wait; it is kept for the caller.
    @Override
    public void close() {
        onEnd.stop();
        giveUp();
        Threads.awaitEnd(threads, () -> drained);
    }

    @Override
    public String toString() {
        return "WorkerPool(" + name + ", " + queue.length() + " of " + queue.capacity() + " waiting)";
    }

    private final class Worker implements Runnable {
        // ends the wait for the next element when the worker is dismissed or the pool ends
        final CancellableContext contract = context.withCancel();

        // written by the worker
        volatile @Nullable T current;

        @Override
        public void run() {
            try {
                while (true) {
                    var element = next();
                    if (context.isDone()) {
                        abandon(element); // was quicker than the end of the contract
                    } else {
                        work(element);
                    }
                }
            } catch (ContextException | ReceiveOnClosedException _) {
                // dismissed, or nothing will come any more
            } finally {
                leave();
            }
        }

        private T next() {
            while (true) {
                try {
                    return queue.receive(contract);
                } catch (InterruptedException _) {
                    // left behind by a handler: nobody else knows this thread
                }
            }
        }

        // A handler may throw anything, and the worker goes on.
        @SuppressWarnings("CatchingUnchecked")
        private void work(T element) {
            current = element;
            if (ending) {
                locked(moved::signalAll);
            }
            try {
                handler.handle(context, element);
                done.incrementAndGet();
            } catch (Throwable thrown) {
                failed.incrementAndGet();
                errors.report(new Failed<>(element, Thread.currentThread().getName(), thrown));
                Callback.reportError(thrown);
            } finally {
                current = null;
            }
        }

        private void leave() {
            contract.close();
            locked(() -> {
                employed.remove(this);
                alive.remove(this);
                moved.signalAll();
                closeErrorsAtTheEndLocked();
            });
            threads.done();
        }
    }
}
