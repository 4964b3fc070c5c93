package dev.weir.bench.patterns;

import dev.weir.runtime.Context;
import dev.weir.runtime.pattern.WorkerPool;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Risk calculations, each by itself: what an option is worth, by a binomial tree of 64 steps. They
/// compute and wait for nothing.
final class RiskFanOut {
    private static final int STEPS = 64;

    /// After so many options they begin anew: 41 strikes and 17 volatilities.
    private static final int PERIOD = 41 * 17;

    private RiskFanOut() {}

    /// In hundredths, so that sums do not depend on their order.
    static long worth(int i) {
        double strike = 80 + i % 41;
        double volatility = 0.1 + i % 17 * 0.02;
        double up = Math.exp(volatility * Math.sqrt(1.0 / STEPS));
        double down = 1 / up;
        double chance = (Math.exp(0.02 / STEPS) - down) / (up - down);
        double discount = Math.exp(-0.02 / STEPS);
        double[] values = new double[STEPS + 1];
        double price = 100 * Math.pow(down, STEPS);
        for (int at = 0; at <= STEPS; at++) {
            values[at] = Math.max(0, price - strike);
            price *= up / down;
        }
        for (int step = STEPS; step > 0; step--) {
            for (int at = 0; at < step; at++) {
                values[at] = discount * (chance * values[at + 1] + (1 - chance) * values[at]);
            }
        }
        return Math.round(values[0] * 100);
    }

    static Map<String, Double> loop(int n) {
        long sum = 0;
        long begin = System.nanoTime();
        for (int i = 0; i < n; i++) {
            sum += worth(i);
        }
        long took = System.nanoTime() - begin;
        check(sum, n);
        return Shape.rate(n, took);
    }

    static Map<String, Double> over(int workers, int n) throws InterruptedException {
        var sum = new LongAdder();
        var context = Context.background();
        long begin = System.nanoTime();
        try (var pool = WorkerPool.<Integer>io("risks", (_, i) -> sum.add(worth(i)))
                .workers(workers)
                .start(context)) {
            for (int i = 0; i < n; i++) {
                pool.submit(context, i);
            }
            pool.drain(context);
        }
        long took = System.nanoTime() - begin;
        check(sum.sum(), n);
        return Shape.rate(n, took);
    }

    private static void check(long sum, int n) {
        long expected = 0;
        for (int i = 0; i < Math.min(n, PERIOD); i++) {
            expected += worth(i) * ((n - 1 - i) / PERIOD + 1);
        }
        if (sum != expected) {
            throw new IllegalStateException(n + " options must be worth " + expected + ", but were " + sum);
        }
    }
}
