package dev.weir.bench;

import dev.weir.engine.flow.Workforce;
import dev.weir.engine.size.Queueing;
import dev.weir.runtime.Channel;
import dev.weir.runtime.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Workers whose work waits, as for a disk or a device: each job sleeps for 2.5 ms and then for an
/// exponential time of 2.5 ms more. They are virtual threads on Weir's scheduler, behind one
/// channel, or behind a channel each where a device always belongs to the same.
final class WaitingPool {
    /// How many devices send; they are called as the model calls them.
    static final int DEVICES = 200;

    private static final double HALF_NANOS = 2.5e6;
    private static final int QUEUE = 100_000;

    /// What of a run is left out: the queues are empty when it begins.
    private static final double SETTLING = 0.1;

    private final List<Channel<Job>> queues = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final long[] latencies;
    private final long[] services;
    private final AtomicInteger done = new AtomicInteger();
    private final int[] partitions = new int[DEVICES];

    /// @param due when it was to come, whether or not somebody was there to take it
    /// @param counts whether it is measured
    private record Job(long due, boolean counts) {}

    /// What came out.
    ///
    /// @param perSecond jobs done in a second; of use where all workers were busy
    /// @param latencies from when each job was due until it was done
    /// @param services how long each occupied its worker
    /// @param refused how many found their queue full; with any, the other figures are worthless
    record Outcome(double perSecond, Times latencies, Times services, int refused) {}

    /// Times in seconds, ascending.
    static final class Times {
        private final double[] seconds;

        private Times(long[] nanos, int count) {
            seconds = Arrays.stream(nanos, 0, count)
                    .sorted()
                    .mapToDouble(n -> n / 1e9)
                    .toArray();
        }

        int count() {
            return seconds.length;
        }

        double mean() {
            return Arrays.stream(seconds).average().orElse(Double.NaN);
        }

        double p99() {
            return seconds.length == 0 ? Double.NaN : seconds[(int) (seconds.length * 0.99)];
        }

        double[] toArray() {
            return seconds.clone();
        }
    }

    private WaitingPool(Queueing queueing, int workers, int most) {
        latencies = new long[most];
        services = new long[most];
        boolean shared = queueing == Queueing.SHARED;
        for (int i = 0; i < (shared ? 1 : workers); i++) {
            queues.add(Channel.bounded(QUEUE));
        }
        for (int device = 0; device < DEVICES; device++) {
            partitions[device] = shared ? 0 : Workforce.partition("device-" + (device + 1), workers);
        }
        for (int i = 0; i < workers; i++) {
            Channel<Job> queue = queues.get(shared ? 0 : i);
            SplittableRandom random = new SplittableRandom(1000L + i);
            threads.add(Scheduler.shared().start("worker-" + i, () -> work(queue, random)));
        }
    }

    private void work(Channel<Job> queue, SplittableRandom random) {
        for (Job job : queue) {
            long started = System.nanoTime();
            long until = started + (long) (HALF_NANOS - HALF_NANOS * Math.log(1 - random.nextDouble()));
            for (long left = until - started; left > 0; left = until - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            long ended = System.nanoTime();
            int at = job.counts ? done.getAndIncrement() : latencies.length;
            if (at < latencies.length) {
                latencies[at] = ended - job.due;
                services[at] = ended - started;
            }
        }
    }

    private Outcome finish(long nanos, int refused) throws InterruptedException {
        queues.forEach(Channel::close);
        for (Thread thread : threads) {
            thread.join();
        }
        int count = Math.min(done.get(), latencies.length);
        return new Outcome(count * 1e9 / nanos, new Times(latencies, count), new Times(services, count), refused);
    }

    /// Arrivals that do not care how it goes: Poisson, of random devices. Runs on the caller's
    /// thread, which should be a platform thread.
    static Outcome open(Queueing queueing, int workers, double perSecond, Duration time) throws InterruptedException {
        int most = (int) (perSecond * time.toNanos() / 1e9 * 1.5) + 1000;
        WaitingPool pool = new WaitingPool(queueing, workers, most);
        SplittableRandom random = new SplittableRandom(42);
        long started = System.nanoTime();
        long due = started;
        int refused = 0;
        while (due - started < time.toNanos()) {
            due += (long) (-Math.log(1 - random.nextDouble()) / perSecond * 1e9);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            Channel<Job> queue = pool.queues.get(pool.partitions[random.nextInt(DEVICES)]);
            if (!queue.trySend(new Job(due, due - started > time.toNanos() * SETTLING))) {
                refused++;
            }
        }
        return pool.finish(time.toNanos(), refused);
    }

    /// All workers busy, for as long as that.
    static Outcome busy(int workers, Duration time) throws InterruptedException {
        WaitingPool pool = new WaitingPool(Queueing.SHARED, workers, (int) (workers * time.toMillis()) + 1000);
        long started = System.nanoTime();
        Channel<Job> queue = pool.queues.getFirst();
        int sent = 0;
        while (System.nanoTime() - started < time.toNanos()) {
            if (queue.length() < 2 * workers) {
                queue.send(new Job(System.nanoTime(), true));
                sent++;
            } else {
                LockSupport.parkNanos(200_000);
            }
        }
        int before = pool.done.get();
        long nanos = System.nanoTime() - started;
        Outcome outcome = pool.finish(nanos, 0);
        return new Outcome(before * 1e9 / nanos, outcome.latencies, outcome.services, sent - outcome.latencies.count());
    }
}
