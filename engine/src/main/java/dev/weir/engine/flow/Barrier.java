package dev.weir.engine.flow;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// A mark that goes through all partitions of a segment or sink, each of which stops at it until
/// the last has arrived: everything that was queued before is then processed, and nothing of what
/// came after.
///
/// All barriers are sent by one thread, so partitions see them in the same order.
final class Barrier {
    private final AtomicInteger missing;
    private final CountDownLatch passed = new CountDownLatch(1);
    private final boolean finishing;
    private volatile boolean abandoned;

    /// @param parties how many partitions it goes through
    /// @param finishing whether the stages are told that their input has ended
    Barrier(int parties, boolean finishing) {
        this.missing = new AtomicInteger(parties);
        this.finishing = finishing;
    }

    /// Says that a partition has arrived. The last one [finishes][#isFinishing] and then opens it;
    /// the others wait.
    ///
    /// @return whether it was the last
    boolean arrive() {
        return missing.decrementAndGet() <= 0;
    }

    /// Whether whoever arrives last tells the stages that their input has ended.
    boolean isFinishing() {
        return finishing && !abandoned;
    }

    /// Lets everybody go on.
    void open() {
        passed.countDown();
    }

    /// Waits until everybody may go on.
    void awaitOpen() throws InterruptedException {
        passed.await();
    }

    /// Lets everybody go on, since a partition has ended and will never arrive.
    void abandon() {
        abandoned = true;
        passed.countDown();
    }

    /// Waits until all partitions have arrived.
    ///
    /// @return false if it was abandoned
    boolean await() throws InterruptedException {
        passed.await();
        return !abandoned;
    }
}
