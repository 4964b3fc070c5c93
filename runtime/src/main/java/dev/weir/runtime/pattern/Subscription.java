package dev.weir.runtime.pattern;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.ReceiveChannel;
import dev.weir.runtime.ReceiveOnClosedException;
import dev.weir.runtime.SendOnClosedException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// The place of one receiver among many, at a [Broadcast] or a [Dispatcher]: a bounded channel of
/// its own, and what happens when it does not keep up. All methods may be called by any thread;
/// none blocks.
///
/// @param <T> the type of the elements
public final class Subscription<T> implements AutoCloseable {
    // set once
    private final String name;
    private final SlowReceiver policy;
    private final Channel<T> channel;
    private final LongAdder droppedByAll;
    private final Consumer<Subscription<T>> onGone;
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicBoolean gone = new AtomicBoolean();

    // written without a lock: it only ever becomes true
    private volatile boolean disconnected;

    /// @param droppedByAll is counted up with what this one misses
    /// @param onGone is called once, when the place is given up
    Subscription(
            String name, int capacity, SlowReceiver policy, LongAdder droppedByAll, Consumer<Subscription<T>> onGone) {
        this.name = Objects.requireNonNull(name, "name");
        this.policy = Objects.requireNonNull(policy, "policy");
        this.channel = Channel.bounded(capacity);
        this.droppedByAll = droppedByAll;
        this.onGone = onGone;
    }

    /// What comes for this receiver; ends when the sender does, or when it is disconnected.
    public ReceiveChannel<T> channel() {
        return channel;
    }

    /// How many elements this receiver has missed because it was slow.
    public long dropped() {
        return dropped.get();
    }

    /// Whether it was thrown out because it was slow ([SlowReceiver#DISCONNECT]).
    public boolean isDisconnected() {
        return disconnected;
    }

    /// Gives up the place: nothing more comes, what is in the channel is gone, and a sender that
    /// waits for this receiver goes on. May be called twice.
    @Override
    public void close() {
        leave();
        channel.closeAndDrain();
    }

    private void leave() {
        if (gone.compareAndSet(false, true)) {
            onGone.accept(this);
        }
    }

    /// Lets the receiver have what is in the channel, and then the end.
    void end() {
        leave();
        channel.closeIfOpen();
    }

    /// Hands over an element as the policy says; waits with [SlowReceiver#BLOCK] only.
    Delivery offer(Context context, T element) throws InterruptedException {
        try {
            if (channel.trySend(element)) {
                return Delivery.TAKEN;
            }
            return switch (policy) {
                case BLOCK -> {
                    channel.send(element, context);
                    yield Delivery.TAKEN;
                }
                case DROP_OLDEST -> sendInPlaceOfOldest(element);
                case DROP_NEWEST -> {
                    drop();
                    yield Delivery.DROPPED;
                }
                case DISCONNECT -> {
                    disconnected = true;
                    end();
                    yield Delivery.GONE;
                }
            };
        } catch (SendOnClosedException | ReceiveOnClosedException _) {
            return Delivery.GONE;
        }
    }

    private Delivery sendInPlaceOfOldest(T element) {
        var delivery = Delivery.TAKEN;
        while (!channel.trySend(element)) {
            if (channel.tryReceive() != null) {
                drop();
                delivery = Delivery.DROPPED;
            }
        }
        return delivery;
    }

    private void drop() {
        dropped.incrementAndGet();
        droppedByAll.increment();
    }

    @Override
    public String toString() {
        return "Subscription(" + name + ", " + channel.length() + " of " + channel.capacity() + ")";
    }
}
