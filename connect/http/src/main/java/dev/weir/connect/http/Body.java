package dev.weir.connect.http;

import java.util.Arrays;

/// The bytes of a request, and what they take of the budget. For one thread.
final class Body implements AutoCloseable {
    private static final int FIRST = 4096;

    private final Budget budget;
    private byte[] bytes = new byte[0];
    private int length;
    private long taken;

    Body(Budget budget) {
        this.budget = budget;
    }

    /// The bytes, which may be followed by others that do not count.
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void add(byte[] from, int count) throws Refusal {
        if (bytes.length - length < count) {
            grow(length + count);
        }
        System.arraycopy(from, 0, bytes, length, count);
        length += count;
    }

    private void grow(int needed) throws Refusal {
        int before = bytes.length;
        int capacity = Math.max(Math.max(FIRST, needed), before * 2);
        take(capacity);
        bytes = Arrays.copyOf(bytes, capacity);
        taken -= before;
        budget.release(before);
    }

    /// Takes more of the budget, until this is closed.
    void take(long more) throws Refusal {
        budget.take(more);
        taken += more;
    }

    @Override
    public void close() {
        budget.release(taken);
        taken = 0;
        bytes = new byte[0];
        length = 0;
    }
}
