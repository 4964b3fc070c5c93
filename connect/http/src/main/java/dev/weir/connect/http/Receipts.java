package dev.weir.connect.http;

import dev.weir.engine.Inlet;
import dev.weir.engine.Receipt;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What became of the messages of a batch, told by any thread, in any order, perhaps after nobody
/// waits any more.
final class Receipts {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final int first;

    /// Guarded by `lock`.
    private final @Nullable Receipt[] told;

    private int open;
    private boolean overloaded;
    private boolean unmatched;

    /// @param first the index of the first message
    /// @param count how many there may be
    Receipts(int first, int count) {
        this.first = first;
        this.told = new @Nullable Receipt[count];
    }

    /// Where the receipt of a message goes; to be handed over at once.
    Inlet.Ack expect(int index) {
        lock.lock();
        try {
            open++;
        } finally {
            lock.unlock();
        }
        return receipt -> settle(index - first, receipt);
    }

    private void settle(int at, Receipt receipt) {
        lock.lock();
        try {
            told[at] = receipt;
            overloaded |= receipt instanceof Receipt.Overloaded;
            unmatched |= receipt instanceof Receipt.Unmatched;
            open--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The message was not taken after all.
    void withdraw() {
        lock.lock();
        try {
            open--;
        } finally {
            lock.unlock();
        }
    }

    /// Whether a message was told that there is no room.
    boolean isOverloaded() {
        lock.lock();
        try {
            return overloaded;
        } finally {
            lock.unlock();
        }
    }

    /// Whether no pipeline wanted a message.
    boolean isUnmatched() {
        lock.lock();
        try {
            return unmatched;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until all that is expected was told.
    void await(Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (open > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// What a message was told; null if nothing yet.
    @Nullable
    Receipt of(int index) {
        lock.lock();
        try {
            return told[index - first];
        } finally {
            lock.unlock();
        }
    }
}
