package dev.weir.node;

import java.util.concurrent.atomic.AtomicLongArray;

/// How long things took, in as little memory however many there are: counts by length, each within
/// 3 % of what was added. Thread-safe.
final class Latencies {
    private static final int BITS = 5;

    private final AtomicLongArray counts = new AtomicLongArray((64 - BITS) << BITS);

    void add(long nanos) {
        counts.incrementAndGet(bucket(Math.max(0, nanos)));
    }

    long count() {
        long count = 0;
        for (int i = 0; i < counts.length(); i++) {
            count += counts.get(i);
        }
        return count;
    }

    /// The length that this share of them did not exceed.
    ///
    /// @param share above 0, up to 1
    /// @return nanoseconds; 0 if there are none
    long quantile(double share) {
        long rank = (long) Math.ceil(count() * share);
        int i = -1;
        while (rank > 0 && ++i < counts.length()) {
            rank -= counts.get(i);
        }
        return i < 0 ? 0 : upper(i);
    }

    /// Below 2^BITS each has its own; above, the bits behind the first one choose.
    private static int bucket(long nanos) {
        int shift = Math.max(0, 63 - BITS - Long.numberOfLeadingZeros(nanos | 1));
        return (shift << BITS) + (int) (nanos >>> shift);
    }

    private static long upper(int bucket) {
        int shift = Math.max(0, (bucket >> BITS) - 1);
        return (((long) bucket - ((long) shift << BITS) + 1) << shift) - 1;
    }
}
