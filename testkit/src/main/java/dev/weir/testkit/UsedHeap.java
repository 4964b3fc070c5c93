package dev.weir.testkit;

import java.lang.management.ManagementFactory;

/// What is in the heap of this process.
public final class UsedHeap {
    private static final int LOOKS = 4;

    private UsedHeap() {}

    /// The least of a few measurements, each after a collection, in bytes. Blocks for as long as
    /// these take.
    public static long bytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < LOOKS; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
