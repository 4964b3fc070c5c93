package dev.weir.runtime.pattern;

import dev.weir.runtime.CancellableContext;
import dev.weir.runtime.Context;
import dev.weir.runtime.ReceiveChannel;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/// Hands every element of a source to every subscriber, each with a channel and a policy of its
/// own: what is dropped for one is not dropped for the others.
///
/// {@snippet file="pattern/PatternExamplesTest.java" region="broadcast"}
///
/// Use it for a handful to some hundreds of receivers of the same: live views, a log beside the
/// store. A subscriber that blocks ([SlowReceiver#BLOCK]) holds up the source and everybody else.
/// Not where each element is for one receiver (that is a [Dispatcher]), nor where a receiver that
/// comes later needs what was before: without subscribers, elements are received and gone.
///
/// It costs one thread, and a send for each element and subscriber. It ends with its source or its
/// context, and the subscriptions with it. All methods may be called by any thread, and do not
/// block.
///
/// @param <T> the type of the elements
public final class Broadcast<T> implements AutoCloseable {
    // set once
    private final String name;
    private final int most;
    private final CancellableContext context;
    private final LongAdder dropped = new LongAdder();
    private final ReentrantLock lock = new ReentrantLock();
    private final CopyOnWriteArrayList<Subscription<T>> subscriptions = new CopyOnWriteArrayList<>();

    // guarded by the lock
    private boolean ended;

    private Broadcast(Context parent, String name, int most) {
        this.name = Objects.requireNonNull(name, "name");
        this.most = most;
        this.context = parent.withCancel();
    }

    /// Starts to receive from a source, and hands on.
    ///
    /// @param <T> the type of the elements
    /// @param name of the thread
    /// @param mostSubscribers at the same time, at least 1
    /// @throws IllegalArgumentException if that is less than 1
    public static <T> Broadcast<T> of(
            Context parent, String name, ReceiveChannel<? extends T> source, int mostSubscribers) {
        if (mostSubscribers < 1) {
            throw new IllegalArgumentException(
                    "broadcast " + name + " must allow at least 1 subscriber, but was " + mostSubscribers);
        }
        var broadcast = new Broadcast<T>(parent, name, mostSubscribers);
        Channels.<T>run(name, broadcast.context, source, broadcast::handOn, broadcast::end);
        return broadcast;
    }

    /// Adds a subscriber, who gets what is received from now on. Closing the subscription ends it.
    ///
    /// @param subscriber for messages
    /// @param capacity of his channel
    /// @throws IllegalArgumentException if the capacity is less than 1 or more than a channel can
    ///     hold
    /// @throws RefusedException if there are as many as allowed, or the broadcast has ended
    public Subscription<T> subscribe(String subscriber, int capacity, SlowReceiver policy) {
        var subscription = new Subscription<T>(subscriber, capacity, policy, dropped, subscriptions::remove);
        lock.lock();
        try {
            if (ended) {
                throw new RefusedException("broadcast " + name + " has ended and takes no more subscribers");
            }
            if (subscriptions.size() >= most) {
                throw new RefusedException(
                        "broadcast " + name + " has its " + most + " subscribers and does not take " + subscriber);
            }
            subscriptions.add(subscription);
        } finally {
            lock.unlock();
        }
        return subscription;
    }

    /// How many subscribers there are.
    public int subscribers() {
        return subscriptions.size();
    }

    /// How many elements were dropped because subscribers were slow, over all of them.
    public long dropped() {
        return dropped.sum();
    }

    private void handOn(List<T> batch) throws InterruptedException {
        for (var element : batch) {
            for (var subscription : subscriptions) {
                subscription.offer(context, element); // one that is gone has left the list by itself
            }
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
        } finally {
            lock.unlock();
        }
        subscriptions.forEach(Subscription::end);
        context.cancel();
    }

    /// Ends the broadcast without waiting: its thread stops, and the subscribers get what is in
    /// their channels and then the end. May be called twice.
    @Override
    public void close() {
        context.cancel();
    }

    @Override
    public String toString() {
        return "Broadcast(" + name + ", " + subscribers() + " subscribers)";
    }
}
