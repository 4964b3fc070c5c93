package dev.weir.engine.flow;

import dev.weir.engine.stage.Resting;
import dev.weir.runtime.Channel;
import dev.weir.runtime.ReceiveOnClosedException;
import dev.weir.runtime.SendOnClosedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The bounded queue of one partition, with an overflow policy. In their order with the elements
/// it carries [Barrier]s, which are never dropped.
///
/// Many threads put, one takes.
///
/// @param <T> the type of the elements
final class Inbox<T> {
    private final Channel<Object> channel;
    private final Overflow overflow;
    private final Consumer<? super T> dropped;

    /// Barriers that `drop-oldest` found at the head: what was before them has been taken already.
    private final ConcurrentLinkedQueue<Barrier> overtaken = new ConcurrentLinkedQueue<>();

    /// Barriers that are in the channel or on their way into it.
    private final AtomicInteger barriers = new AtomicInteger();

    /// Barriers that wait for room.
    private final AtomicInteger coming = new AtomicInteger();

    /// What became of an element.
    enum Put {
        /// It is in the queue, or was dropped by policy and counted.
        TAKEN,
        /// There was no room in time.
        FULL,
        /// Nothing is taken any more.
        CLOSED
    }

    /// @param dropped told about each element that the policy drops, by the thread that puts; must
    ///     not block
    Inbox(int capacity, Overflow overflow, Consumer<? super T> dropped) {
        this.channel = Channel.bounded(capacity);
        this.overflow = overflow;
        this.dropped = dropped;
    }

    /// How many elements wait.
    int length() {
        return Math.max(0, channel.length() - (barriers.get() - coming.get()));
    }

    int capacity() {
        return channel.capacity();
    }

    /// Puts an element as far as that is possible without waiting: with a policy that drops it
    /// always is.
    Put tryPut(T element) {
        try {
            if (channel.trySend(element)) {
                return Put.TAKEN;
            }
            return switch (overflow) {
                case BLOCK -> Put.FULL;
                case DROP_NEWEST -> {
                    dropped.accept(element);
                    yield Put.TAKEN;
                }
                case DROP_OLDEST -> replaceOldest(element);
            };
        } catch (SendOnClosedException e) {
            return Put.CLOSED;
        }
    }

    @SuppressWarnings("unchecked") // whatever is not a barrier came in as a T
    private Put replaceOldest(T element) {
        do {
            Object oldest = channel.tryReceive();
            if (oldest instanceof Barrier barrier) {
                barriers.decrementAndGet();
                overtaken.add(barrier);
            } else if (oldest != null) {
                dropped.accept((T) oldest);
            }
        } while (!channel.trySend(element));
        return Put.TAKEN;
    }

    /// Puts an element; waits for room at most that long.
    Put put(T element, Duration patience) throws InterruptedException {
        Put put = tryPut(element);
        if (put != Put.FULL) {
            return put;
        }
        try {
            return channel.trySend(element, patience) ? Put.TAKEN : Put.FULL;
        } catch (SendOnClosedException e) {
            return Put.CLOSED;
        }
    }

    /// Puts an element; waits for room.
    Put put(T element) throws InterruptedException {
        Put put = tryPut(element);
        if (put != Put.FULL) {
            return put;
        }
        return send(element);
    }

    /// Puts an element; waits for room, and is not disturbed by interrupts until `halt` is called.
    Put put(T element, Halt halt) {
        Put put = tryPut(element);
        return put == Put.FULL ? Resting.during(() -> await(element, halt)) : put;
    }

    private Put await(T element, Halt halt) {
        while (!halt.isCalled()) {
            try {
                return send(element);
            } catch (InterruptedException e) {
                // The loop looks whether this is the end.
            }
        }
        return Put.CLOSED;
    }

    /// Sends a barrier behind everything that is queued.
    ///
    /// @return false if the partition has ended
    boolean put(Barrier barrier) throws InterruptedException {
        barriers.incrementAndGet();
        coming.incrementAndGet();
        boolean sent = false;
        try {
            sent = send(barrier) == Put.TAKEN;
        } finally {
            if (!sent) {
                barriers.decrementAndGet();
            }
            coming.decrementAndGet();
        }
        return sent;
    }

    private Put send(Object element) throws InterruptedException {
        try {
            channel.send(element);
            return Put.TAKEN;
        } catch (SendOnClosedException e) {
            return Put.CLOSED;
        }
    }

    /// Waits for elements and barriers and takes up to `max`; 0 once the inbox is closed and
    /// empty.
    int take(List<Object> batch, int max) throws InterruptedException {
        return channel.receiveUpTo(batch, max);
    }

    /// Takes up to `max` elements and barriers, without waiting.
    ///
    /// @return how many
    int tryTake(List<Object> batch, int max) {
        try {
            Object next = channel.tryReceive();
            while (next != null) {
                batch.add(next);
                next = batch.size() < max ? channel.tryReceive() : null;
            }
        } catch (ReceiveOnClosedException e) {
            // The next one who waits is told.
        }
        return batch.size();
    }

    /// How many elements there are in a batch that was just taken: what is not a barrier.
    int elements(List<Object> batch) {
        if (barriers.get() == 0) {
            return batch.size();
        }
        int found = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (batch.get(i) instanceof Barrier) {
                found++;
            }
        }
        barriers.addAndGet(-found);
        return batch.size() - found;
    }

    /// The next barrier that was overtaken, to arrive at between batches; null if there is none.
    @Nullable
    Barrier overtaken() {
        return overtaken.poll();
    }

    /// Takes nothing more in; what is queued can still be taken.
    void close() {
        channel.closeIfOpen();
    }

    /// Closes, and gives everything that is left to `lost`, letting those who wait at barriers go.
    @SuppressWarnings("unchecked") // whatever is not a barrier came in as a T
    void abandon(Consumer<? super T> lost) {
        channel.closeIfOpen();
        try {
            for (Object element = channel.tryReceive(); element != null; element = channel.tryReceive()) {
                if (element instanceof Barrier barrier) {
                    barriers.decrementAndGet();
                    barrier.abandon();
                } else {
                    lost.accept((T) element);
                }
            }
        } catch (ReceiveOnClosedException e) {
            // the end of it
        }
        overtaken.forEach(Barrier::abandon);
        overtaken.clear();
    }
}
