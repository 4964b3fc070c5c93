package dev.weir.engine.flow;

import java.util.OptionalInt;

/// How many workers stand side by side, and the bounded queue that is divided over them.
///
/// Where their number follows the load, `workers` are the most that there are: each has its part of
/// the devices and of the queue for ever, and how many of them work at once changes.
///
/// @param workers how many, 1 to 1024
/// @param queue how many elements may wait in all; at least one for each worker
/// @param overflow what becomes of an element that finds its part of the queue full
/// @param first how many work at once at first, where their number follows the load; empty where it
///     is fixed
public record Workforce(int workers, int queue, Overflow overflow, OptionalInt first) {
    /// On machines with few processors; work that waits wants more workers than those.
    private static final int MOST = 8;

    private static final int BATCH = 64;
    private static final int ADAPTIVE_BATCH = 16;
    private static final int MIX = 0x9E3779B9;

    public Workforce {
        if (workers < 1 || workers > 1024) {
            throw new IllegalArgumentException("workers must be between 1 and 1024, but was " + workers);
        }
        if (queue < workers) {
            throw new IllegalArgumentException("queue must be at least workers (" + workers + "), but was " + queue);
        }
    }

    /// A fixed number of workers.
    public Workforce(int workers, int queue, Overflow overflow) {
        this(workers, queue, overflow, OptionalInt.empty());
    }

    /// Workers whose number follows the load: at first one for each processor, at most eight, or
    /// one for each processor if those are more.
    ///
    /// @param processors of the machine
    /// @param queue at least one element
    public static Workforce adaptive(int processors, int queue, Overflow overflow) {
        int most = Math.max(Math.min(MOST, queue), processors);
        return new Workforce(
                most, Math.max(queue, most), overflow, OptionalInt.of(Math.min(most, Math.max(2, processors))));
    }

    /// How many work at once at first.
    public int atFirst() {
        return first.orElse(workers);
    }

    /// How many elements a worker takes at once; fewer where there may be many workers, since they
    /// all are in hand at worst.
    int batch() {
        return Math.min(first.isPresent() ? ADAPTIVE_BATCH : BATCH, capacity());
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
