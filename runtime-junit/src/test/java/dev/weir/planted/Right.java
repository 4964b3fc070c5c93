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

/// The programs of [Broken], as they should be.
final class Right {
    private Right() {}

    static final class CheckThenAct implements Scenario {
        private final Channel<String> channel = Channel.bounded(1);

        @Override
        public void run() throws Exception {
            channel.send("the only one");
            Threads.run(channel::tryReceive, channel::tryReceive);
        }
    }

    static final class LostUpdate implements Scenario {
        private int count;

        @Override
        public void run() throws Exception {
            Threads.run(this::add, this::add);
            Threads.check(count == 2, "count is " + count);
        }

        private synchronized void add() {
            count++;
        }
    }

    static final class LostWakeUp implements Scenario {
        private volatile boolean ready;
        private volatile @Nullable Thread waiter;

        @Override
        public void run() throws Exception {
            Threads.run(this::await, this::set);
        }

        private void await() {
            waiter = Thread.currentThread();
            while (!ready) {
                LockSupport.park();
            }
        }

        private void set() {
            ready = true;
            LockSupport.unpark(waiter);
        }
    }

    static final class LockOrder implements Scenario {
        private final Lock first = new ReentrantLock();
        private final Lock second = new ReentrantLock();

        @Override
        public void run() throws Exception {
            Threads.run(this::transfer, this::transfer);
        }

        @SuppressWarnings("LockNotBeforeTry") // nothing is done in between
        private void transfer() {
            first.lock();
            second.lock();
            second.unlock();
            first.unlock();
        }
    }

    static final class MonitorOrder implements Scenario {
        private final Object first = new Object();
        private final Object second = new Object();
        private int moved;

        @Override
        public void run() throws Exception {
            Threads.run(this::transfer, this::transfer);
            Threads.check(moved == 2, "moved " + moved);
        }

        private void transfer() {
            synchronized (first) {
                synchronized (second) {
                    moved++;
                }
            }
        }
    }

    static final class DoubleClose implements Scenario {
        private final Channel<String> work = Channel.unbuffered();
        private final Channel<String> answers = Channel.bounded(4);

        @Override
        public void run() throws Exception {
            Threads.run(this::consume, this::consume, work::close);
            Threads.check(!answers.iterator().hasNext(), "nothing was sent");
        }

        private void consume() throws InterruptedException {
            Select.select(Select.consume(work, answers::send, answers::closeIfOpen));
        }
    }

    static final class Semaphore implements Scenario {
        private final AtomicInteger permits = new AtomicInteger(1);
        private final AtomicInteger inside = new AtomicInteger();

        @Override
        public void run() throws Exception {
            Threads.run(this::enter, this::enter, this::enter);
        }

        private void enter() {
            if (permits.compareAndSet(1, 0)) {
                Threads.check(inside.incrementAndGet() == 1, "two are inside");
                inside.decrementAndGet();
                permits.incrementAndGet();
            }
        }
    }

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
            notifyAll();
        }

        private synchronized int take() throws InterruptedException {
            while (queue.isEmpty()) {
                wait();
            }
            notifyAll();
            return queue.remove();
        }
    }

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

        private void take() throws InterruptedException {
            synchronized (monitor) {
                while (queue.isEmpty()) {
                    monitor.wait();
                }
                queue.remove();
            }
        }
    }
}
