package dev.weir.planted;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Select;
import dev.weir.runtime.junit.Interleavings.Scenario;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Small programs with a mistake each. Their right versions are in [Right].
final class Broken {
    private Broken() {}

    /// Looks at the length of a channel and then receives: another may have taken the element.
    static final class CheckThenAct implements Scenario {
        private final Channel<String> channel = Channel.bounded(1);

        @Override
        public void run() throws Exception {
            channel.send("the only one");
            Threads.run(this::takeIfThere, this::takeIfThere);
        }

        private void takeIfThere() throws InterruptedException {
            if (channel.length() > 0) {
                channel.receive();
            }
        }
    }

    /// Adds to a plain field from two threads.
    static final class LostUpdate implements Scenario {
        private int count;

        @Override
        public void run() throws Exception {
            Threads.run(() -> count++, () -> count++);
            Threads.check(count == 2, "count is " + count);
        }
    }

    /// Looks at a flag, says who is to be woken, and parks: the flag may have been set in between.
    static final class LostWakeUp implements Scenario {
        private volatile boolean ready;
        private volatile @Nullable Thread waiter;

        @Override
        public void run() throws Exception {
            Threads.run(this::await, this::set);
        }

        private void await() {
            while (!ready) {
                waiter = Thread.currentThread();
                LockSupport.park();
            }
        }

        private void set() {
            Thread sleeper = waiter;
            ready = true;
            if (sleeper != null) {
                LockSupport.unpark(sleeper);
            }
        }
    }

    /// Two threads take two locks in opposite orders.
    static final class LockOrder implements Scenario {
        private final Lock first = new ReentrantLock();
        private final Lock second = new ReentrantLock();

        @Override
        public void run() throws Exception {
            Threads.run(() -> transfer(first, second), () -> transfer(second, first));
        }

        @SuppressWarnings("LockNotBeforeTry") // nothing is done in between
        private static void transfer(Lock from, Lock to) {
            from.lock();
            to.lock();
            to.unlock();
            from.unlock();
        }
    }

    /// The same with monitors.
    static final class MonitorOrder implements Scenario {
        private final Object first = new Object();
        private final Object second = new Object();
        private int moved;

        @Override
        public void run() throws Exception {
            Threads.run(() -> transfer(first, second), () -> transfer(second, first));
            Threads.check(moved == 2, "moved " + moved);
        }

        private void transfer(Object from, Object to) {
            synchronized (from) {
                synchronized (to) {
                    moved++;
                }
            }
        }
    }

    /// Each of two consumers closes the channel of answers when it sees the end and nobody has
    /// closed it.
    static final class DoubleClose implements Scenario {
        private final Channel<String> work = Channel.unbuffered();
        private final Channel<String> answers = Channel.bounded(4);
        private volatile boolean closed;

        @Override
        public void run() throws Exception {
            Threads.run(this::consume, this::consume, work::close);
            Threads.check(!answers.iterator().hasNext(), "nothing was sent");
        }

        private void consume() throws InterruptedException {
            Select.select(Select.consume(work, answers::send, () -> {
                if (!closed) {
                    closed = true;
                    answers.close();
                }
            }));
        }
    }

    /// A semaphore that looks at its permits, and then takes one.
    static final class Semaphore implements Scenario {
        private final AtomicInteger permits = new AtomicInteger(1);
        private final AtomicInteger inside = new AtomicInteger();

        @Override
        public void run() throws Exception {
            Threads.run(this::enter, this::enter, this::enter);
        }

        private void enter() {
            if (permits.get() > 0) {
                permits.decrementAndGet();
                Threads.check(inside.incrementAndGet() == 1, "two are inside");
                inside.decrementAndGet();
                permits.incrementAndGet();
            }
        }
    }

    /// A queue of one place whose threads wait on the same monitor but wake only one: a producer
    /// may wake a producer.
    static final class WrongNotify implements Scenario {
        private final Queue<Integer> queue = new ArrayDeque<>();

        @Override
        public void run() throws Exception {
            Threads.run(() -> put(1), () -> put(2), this::take, this::take);
        }

        private synchronized void put(int element) throws InterruptedException {
            while (queue.size() == 1) {
                wait();
            }
            queue.add(element);
            notify();
        }

        private synchronized int take() throws InterruptedException {
            while (queue.isEmpty()) {
                wait();
            }
            notify();
            return queue.remove();
        }
    }

    /// Waits on a monitor with `if`: who comes in between takes the element.
    static final class IfInsteadOfWhile implements Scenario {
        private final Queue<Integer> queue = new ArrayDeque<>();
        private final Object monitor = new Object();

        @Override
        public void run() throws Exception {
            Threads.run(this::take, this::take, () -> put(1), () -> put(2));
        }

        private void put(int element) {
            synchronized (monitor) {
                queue.add(element);
                monitor.notify();
            }
        }

        @SuppressWarnings("WaitNotInLoop") // the mistake
        private void take() throws InterruptedException {
            synchronized (monitor) {
                if (queue.isEmpty()) {
                    monitor.wait();
                }
                queue.remove();
            }
        }
    }
}
