package dev.weir.testkit;

import dev.weir.engine.Reading;
import dev.weir.engine.stage.Stage;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A stage that fails in the way that a test tells it to, while it runs. Its state is not kept by
/// key: it is for what a stage must not do. Thread-safe.
public final class FaultyStage implements Stage {
    /// How much it holds on to at most while it leaks.
    public static final int LEAK_BYTES = 48 << 20;

    private static final int PIECE = 64 << 10;
    private static final int PIECES = 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Fault, LongAdder> hits = new ConcurrentHashMap<>();
    private final AtomicInteger inside = new AtomicInteger();

    /// Counts the calls of [#suffer] and [#heal]: what hangs or spins looks whether it has changed.
    private final AtomicInteger episode = new AtomicInteger();

    private volatile Fault fault = Fault.NONE;

    /// Keeps the compiler from leaving out what is allocated.
    @SuppressWarnings("UnusedVariable")
    private volatile byte @Nullable [] last;

    /// Guarded by `lock`.
    private final ArrayDeque<byte[]> leaked = new ArrayDeque<>();

    /// What it does to a reading.
    public enum Fault {
        /// Lets it pass.
        NONE,
        /// Throws what a bug throws.
        EXCEPTION,
        /// Throws an `Error`.
        ERROR,
        /// Asks for more memory than an array can have, which only its own thread gets to feel.
        NO_MEMORY,
        /// Calls itself until there is no stack left.
        NO_STACK,
        /// Waits, and throws when it is interrupted.
        HANG,
        /// Computes, whatever is said to its thread.
        SPIN,
        /// Keeps memory, until it is healed or has [#LEAK_BYTES].
        LEAK,
        /// Makes a megabyte of garbage.
        ALLOCATE
    }

    /// From now on it fails so. What hangs or spins lets its reading pass.
    public void suffer(Fault next) {
        lock.lock();
        try {
            fault = next;
            episode.incrementAndGet();
            leaked.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// From now on it works, and has given back what it kept.
    public void heal() {
        suffer(Fault.NONE);
    }

    /// How many calls have met with that fault.
    public long hits(Fault met) {
        LongAdder count = hits.get(met);
        return count == null ? 0 : count.sum();
    }

    /// How many calls are in it now.
    public int inside() {
        return inside.get();
    }

    @Override
    public Verdict apply(Reading reading, Emitter emitter) {
        int now = episode.get();
        Fault met = fault;
        hits.computeIfAbsent(met, _ -> new LongAdder()).increment();
        inside.incrementAndGet();
        try {
            meet(met, now);
        } finally {
            inside.decrementAndGet();
        }
        return Verdict.PASS;
    }

    private void meet(Fault met, int now) {
        switch (met) {
            case NONE -> {}
            case EXCEPTION -> throw new IllegalStateException("as the test wants it");
            case ERROR -> throw new AssertionError("as the test wants it");
            case NO_MEMORY -> last = new byte[Integer.MAX_VALUE];
            case NO_STACK -> throw new AssertionError("the stack ends at " + deeper(1));
            case HANG -> hang(now);
            case SPIN -> spin(now);
            case LEAK -> leak();
            case ALLOCATE -> allocate();
        }
    }

    @SuppressWarnings("InfiniteRecursion") // that is what it is for
    private long deeper(long depth) {
        return deeper(depth + 1) + depth;
    }

    private void hang(int since) {
        lock.lock();
        try {
            while (episode.get() == since) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it hung", e);
        } finally {
            lock.unlock();
        }
    }

    private void spin(int since) {
        while (episode.get() == since) {
            Thread.onSpinWait();
        }
    }

    private void leak() {
        lock.lock();
        try {
            if (fault == Fault.LEAK && leaked.size() < LEAK_BYTES / PIECE) {
                leaked.add(new byte[PIECE]);
            }
        } finally {
            lock.unlock();
        }
    }

    private void allocate() {
        for (int i = 0; i < PIECES; i++) {
            last = new byte[PIECE];
        }
        last = null;
    }
}
