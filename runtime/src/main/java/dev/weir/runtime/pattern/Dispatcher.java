package dev.weir.runtime.pattern;

import dev.weir.runtime.CancellableContext;
import dev.weir.runtime.Context;
import dev.weir.runtime.ContextException;
import dev.weir.runtime.Scheduler;
import dev.weir.runtime.WaitGroup;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// One bounded channel for each of many clients, found by key: connections, subscribers, devices.
/// What is slow about one client stays in its channel, and its policy says what becomes of the
/// rest.
///
/// {@snippet file="pattern/PatternExamplesTest.java" region="dispatcher"}
///
/// Use it for up to some hundred thousand clients of which each gets its own elements. If all get
/// the same and are few, a [Broadcast] is less; if elements need no client but any worker, a
/// [WorkerPool].
///
/// **Cost.** A look-up and a send for each element. A client costs its channel (`capacity`
/// references, taken at once) and, when it is served here, a virtual thread that is parked most of
/// the time: about 3 KB in all with a capacity of 16.
///
/// **Who waits.** [#dispatch(Context, Object, Object)] waits only for a client with
/// [SlowReceiver#BLOCK] whose channel is full; one thread that dispatches to all should not have
/// such clients, or they delay the others. All methods may be called by any thread, also while
/// clients come and go. Elements that one thread dispatches to a client arrive in order.
///
/// @param <K> the type of the keys, with `equals` and `hashCode`
/// @param <T> the type of the elements
public final class Dispatcher<K, T> implements AutoCloseable {
    private static final int ERRORS = 256;

    // set once
    private final String name;
    private final int most;
    private final CancellableContext context;
    private final ConcurrentHashMap<K, Subscription<T>> clients = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final WaitGroup threads;
    private final ErrorChannel<Failed<K>> errors;
    private final LongAdder taken = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder gone = new LongAdder();

    private Dispatcher(Context parent, String name, int most) {
        this.name = Objects.requireNonNull(name, "name");
        this.most = most;
        this.threads = WaitGroup.of(name);
        this.errors = ErrorChannel.bounded(name, ERRORS, _ -> {});
        this.context = parent.withCancel();
        context.afterFunc(this::end);
    }

    /// What is done with an element of a client.
    ///
    /// @param <T> the type of the elements
    @FunctionalInterface
    public interface Handler<T> {
        /// Handles it; may block, for as long as the context is not done. What it throws removes
        /// the client.
        void handle(Context context, T element) throws Exception;
    }

    /// What a dispatcher has done so far.
    ///
    /// @param clients how many there are
    /// @param taken elements that were put into a channel
    /// @param dropped elements that a client missed because it was slow
    /// @param gone elements for clients that were not there, or were disconnected for that element
    public record Stats(int clients, long taken, long dropped, long gone) {}

    /// A dispatcher without clients.
    ///
    /// @param <K> the type of the keys
    /// @param <T> the type of the elements
    /// @param name begins the names of the threads, and is part of messages
    /// @param mostClients at the same time, at least 1
    /// @throws IllegalArgumentException if that is less than 1
    public static <K, T> Dispatcher<K, T> of(Context parent, String name, int mostClients) {
        if (mostClients < 1) {
            throw new IllegalArgumentException(
                    "dispatcher " + name + " must allow at least 1 client, but was " + mostClients);
        }
        return new Dispatcher<>(parent, name, mostClients);
    }

    /// Adds a client that receives by itself. Closing the subscription removes it.
    ///
    /// @param capacity of its channel
    /// @throws IllegalArgumentException if the capacity is less than 1 or more than a channel can
    ///     hold
    /// @throws RefusedException if there is such a client, there are as many as allowed, or the
    ///     dispatcher has ended
    public Subscription<T> add(K client, int capacity, SlowReceiver policy) {
        Objects.requireNonNull(client, "client");
        var place = new Subscription<T>(client.toString(), capacity, policy, dropped, left -> remove(client, left));
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            throw new RefusedException(
                    "dispatcher " + name + " has its " + most + " clients and does not take \"" + client + "\"");
        }
        if (clients.putIfAbsent(client, place) != null) {
            count.decrementAndGet();
            throw new RefusedException(
                    "dispatcher " + name + " has a client \"" + client + "\" already; remove it first");
        }
        if (context.isDone()) { // after the client is there, so that either this or the end sees it
            place.close();
            throw new RefusedException("dispatcher " + name + " has ended and takes no more clients");
        }
        return place;
    }

    /// Adds a client whose elements are given to a handler, one after the other, in a virtual
    /// thread of its own. If the handler throws, the client is removed and the failure goes to
    /// [#errors()]. When the client is removed, an element that is being handled is finished.
    ///
    /// @param capacity of its channel
    /// @throws IllegalArgumentException if the capacity is less than 1 or more than a channel can
    ///     hold
    /// @throws RefusedException as for [#add(Object, int, SlowReceiver)]
    public Subscription<T> serve(K client, int capacity, SlowReceiver policy, Handler<? super T> handler) {
        Objects.requireNonNull(handler, "handler");
        var place = add(client, capacity, policy);
        threads.add(1);
        boolean started = false;
        try {
            Scheduler.go(name + "-" + client, () -> run(client, place, handler));
            started = true;
        } finally {
            if (!started) {
                place.close();
                threads.done();
            }
        }
        return place;
    }

    // A handler may throw anything, and concerns only its client.
    @SuppressWarnings("CatchingUnchecked")
    private void run(K client, Subscription<T> place, Handler<? super T> handler) {
        try {
            var one = new ArrayList<T>(1);
            while (place.channel().receiveUpTo(one, 1, context) > 0) {
                handler.handle(context, one.removeLast());
            }
        } catch (Throwable thrown) {
            if (!(thrown instanceof ContextException && context.isDone())) {
                errors.report(new Failed<>(client, Thread.currentThread().getName(), thrown));
                Callback.reportError(thrown);
            }
        } finally {
            place.close();
            threads.done();
        }
    }

    /// Hands an element to a client, as its policy says.
    ///
    /// @throws ContextException if the client's policy is to block, and the context is done before
    ///     there was room
    /// @throws InterruptedException if the thread is interrupted while it waits for such a client
    public Delivery dispatch(Context waiting, K client, T element) throws InterruptedException {
        Objects.requireNonNull(element, "element");
        var place = clients.get(client);
        var delivery = place == null ? Delivery.GONE : place.offer(waiting, element);
        (delivery == Delivery.GONE ? gone : taken).increment();
        return delivery;
    }

    /// Removes a client: what is in its channel is gone, and the channel ends.
    ///
    /// @return whether there was one
    public boolean remove(K client) {
        var place = clients.get(client);
        if (place != null) {
            place.close();
        }
        return place != null;
    }

    private void remove(K client, Subscription<T> place) {
        if (clients.remove(client, place)) {
            count.decrementAndGet();
        }
    }

    /// The failures of handlers, with the keys of their clients; keeps the latest 256.
    public ErrorChannel<Failed<K>> errors() {
        return errors;
    }

    /// The counters, which are read one after the other.
    public Stats stats() {
        return new Stats(clients.size(), taken.sum(), dropped.sum(), gone.sum());
    }

    private void end() {
        clients.values().forEach(Subscription::end);
        errors.close();
    }

    /// Removes all clients, and waits until the handlers have returned, whose context is done. An
    /// interrupt does not end the wait; it is kept for the caller.
    @Override
    public void close() {
        context.cancel();
        end();
        Threads.awaitEnd(threads, () -> false);
    }

    @Override
    public String toString() {
        return "Dispatcher(" + name + ", " + clients.size() + " of " + most + " clients)";
    }
}
