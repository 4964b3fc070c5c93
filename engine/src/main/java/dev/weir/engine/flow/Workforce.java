package dev.weir.engine.flow;

/// How many workers stand side by side, and the bounded queue that is divided over them.
///
/// @param workers how many, 1 to 1024
/// @param queue how many elements may wait in all; at least one for each worker
/// @param overflow what becomes of an element that finds its part of the queue full
public record Workforce(int workers, int queue, Overflow overflow) {
    private static final int MIX = 0x9E3779B9;

    public Workforce {
        if (workers < 1 || workers > 1024) {
            throw new IllegalArgumentException("workers must be between 1 and 1024, but was " + workers);
        }
        if (queue < workers) {
            throw new IllegalArgumentException("queue must be at least workers (" + workers + "), but was " + queue);
        }
    }

    /// How many elements may wait for each worker.
    public int capacity() {
        return queue / workers;
    }

    /// The partition that a device belongs to, always the same.
    ///
    /// @param partitions how many there are, at least 1
    /// @return 0 to `partitions - 1`
    public static int partition(String device, int partitions) {
        int hash = device.hashCode() * MIX;
        return (int) (((hash & 0xFFFF_FFFFL) * partitions) >>> 32);
    }
}
