package dev.weir.engine.flow;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/// Pauses that double from 50 ms to 30 s, each shortened by up to half at random, so that many
/// that failed together do not come back together. Belongs to one thread.
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private long next = FIRST.toNanos();

    void pause() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(next - ThreadLocalRandom.current().nextLong(next / 2));
        next = Math.min(next * 2, LONGEST.toNanos());
    }

    void reset() {
        next = FIRST.toNanos();
    }
}
