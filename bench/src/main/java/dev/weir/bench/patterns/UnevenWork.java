package dev.weir.bench.patterns;

import dev.weir.runtime.Context;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.WaitGroup;
import dev.weir.runtime.pattern.WorkerPool;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Pieces of work that arrive all at once. Each fills a buffer of 16 KiB and holds it while it
/// waits, as for an answer: 1 ms, one in a hundred 20 ms.
final class UnevenWork {
    private static final int BUFFER = 16 << 10;

    private UnevenWork() {}

    private static void piece(int i, LongAdder sum) {
        byte[] buffer = new byte[BUFFER];
        for (int at = 0; at < BUFFER; at++) {
            buffer[at] = (byte) (i + at);
        }
        try {
            Thread.sleep(i % 100 == 0 ? 20 : 1);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this", e);
        }
        sum.add((buffer[BUFFER / 2] - (byte) (i + BUFFER / 2)) + 1);
    }

    private static void check(LongAdder sum, int n) {
        if (sum.sum() != n) {
            throw new IllegalStateException(n + " pieces must be done, but were " + sum.sum());
        }
    }

    /// A thread for each piece.
    static Map<String, Double> unbounded(int n) throws InterruptedException {
        var sum = new LongAdder();
        var all = WaitGroup.of("pieces");
        long begin = System.nanoTime();
        all.add(n);
        for (int i = 0; i < n; i++) {
            int piece = i;
            Scheduler.go("piece", () -> {
                piece(piece, sum);
                all.done();
            });
        }
        all.await();
        long took = System.nanoTime() - begin;
        check(sum, n);
        return Shape.rate(n, took);
    }

    /// Fifty workers.
    static Map<String, Double> pooled(int n) throws InterruptedException {
        var sum = new LongAdder();
        var context = Context.background();
        long begin = System.nanoTime();
        try (var pool = WorkerPool.<Integer>io("pieces", (_, i) -> piece(i, sum))
                .workers(50)
                .start(context)) {
            for (int i = 0; i < n; i++) {
                pool.submit(context, i);
            }
            pool.drain(context);
        }
        long took = System.nanoTime() - begin;
        check(sum, n);
        return Shape.rate(n, took);
    }
}
