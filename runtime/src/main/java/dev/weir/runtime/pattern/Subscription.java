package dev.weir.runtime.pattern;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.ReceiveChannel;
import dev.weir.runtime.ReceiveOnClosedException;
import dev.weir.runtime.SendOnClosedException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

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
    private final AtomicLong dropped = new AtomicLong();

    // written without a lock: they only ever become true
    private volatile boolean disconnected;
    private volatile boolean gone;

    Subscription(String name, int capacity, SlowReceiver policy) {
        this.name = Objects.requireNonNull(name, "name");
        this.policy = Objects.requireNonNull(policy, "policy");
        this.channel = Channel.bounded(capacity);
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
        gone = true;
        channel.closeAndDrain();
    }

    /// Lets the receiver have what is in the channel, and then the end.
    void end() {
        gone = true;
        channel.closeIfOpen();
    }

    boolean isGone() {
        return gone;
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
                    dropped.incrementAndGet();
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
                dropped.incrementAndGet();
                delivery = Delivery.DROPPED;
            }
        }
        return delivery;
    }

    @Override
    public String toString() {
        return "Subscription(" + name + ", " + channel.length() + " of " + channel.capacity() + ")";
    }
}
