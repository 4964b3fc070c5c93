package dev.weir.runtime.pattern;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.ReceiveOnClosedException;
import dev.weir.runtime.SendOnClosedException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// The queue in front of workers, with what happens when it is full.
final class Intake<T> {
    // set once
    private final String name;
    private final Overflow overflow;
    private final Consumer<? super T> onDropped;
    final Channel<T> queue;

    final AtomicLong submitted = new AtomicLong();
    final AtomicLong dropped = new AtomicLong();
    final AtomicLong refused = new AtomicLong();

    Intake(String name, int capacity, Overflow overflow, Consumer<? super T> onDropped) {
        this.name = name;
        this.overflow = overflow;
        this.onDropped = onDropped;
        this.queue = Channel.bounded(capacity);
    }

    void submit(Context context, T element) throws InterruptedException {
        context.throwIfDone();
        if (overflow == Overflow.BLOCK) {
            try {
                queue.send(element, context);
            } catch (SendOnClosedException _) {
                throw refusedByTheEnd();
            }
            submitted.incrementAndGet();
        } else if (!trySubmit(element)) {
            throw new RefusedException("pool " + name + " is full: " + queue.capacity()
                    + " elements wait; submit later, or give it a longer queue or more workers");
        }
    }

    boolean trySubmit(T element) {
        boolean taken;
        try {
            taken = switch (overflow) {
                case BLOCK, REFUSE -> queue.trySend(element);
                case DROP_NEWEST -> queue.trySend(element) || drop(element);
                case DROP_OLDEST -> sendInPlaceOfOldest(element);
            };
        } catch (SendOnClosedException | ReceiveOnClosedException _) {
            throw refusedByTheEnd();
        }
        (taken ? submitted : refused).incrementAndGet();
        return taken;
    }

    private boolean sendInPlaceOfOldest(T element) {
        while (!queue.trySend(element)) {
            var oldest = queue.tryReceive();
            if (oldest != null) {
                drop(oldest);
            }
        }
        return true;
    }

    private RefusedException refusedByTheEnd() {
        refused.incrementAndGet();
        return new RefusedException("pool " + name + " has ended and takes no more elements");
    }

    /// Tells of an element that no worker gets; always true.
    boolean drop(T element) {
        dropped.incrementAndGet();
        if (element instanceof Request<?, ?> request) {
            request.fail(new RefusedException("pool " + name + " dropped the request"));
        }
        Callback.tell(onDropped, element);
        return true;
    }
}
