package dev.weir.runtime;

import dev.weir.runtime.control.Simulations;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lets callers that ask for the same thing at the same time share one call: while a call for a
/// key is under way, others for that key wait for its result instead of making their own. Nothing
/// is kept afterwards; it is no cache.
///
/// {@snippet file="ExamplesTest.java" region="singleflight"}
///
/// The call runs in a virtual thread of its own, so any caller can leave, the first one too,
/// without ending it for the others. When the last one has left, the context that the call was
/// given is cancelled and the key is free again. All methods may be called by any thread. A call
/// that asks for its own key would wait for itself, and is refused.
///
/// @param <K> the type of the keys, whose `equals` and `hashCode` must not block
/// @param <V> the type of the values, which are never null
public final class Singleflight<K, V> {

    /// The call that is shared.
    ///
    /// @param <V> the type of the value
    @FunctionalInterface
    public interface Load<V> {
        /// Makes the value. What it throws is thrown to every caller.
        ///
        /// @param context has the values of the first caller's context; done when nobody waits for
        ///     the value any more
        V load(Context context) throws Exception;
    }

    // set once
    private final String name;
    private final long id = Tally.nextId();
    private final AtomicLong started = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();

    // guarded by the lock
    private final Map<K, Flight<V>> flights = new HashMap<>();

    private Singleflight(String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /// Without calls.
    ///
    /// @param <K> the type of the keys
    /// @param <V> the type of the values
    /// @param name names the threads, which are `name-1`, `name-2` and so on
    public static <K, V> Singleflight<K, V> of(String name) {
        return new Singleflight<>(name);
    }

    /// The value that `load` makes, or that a call for `key` which is under way makes; waits for
    /// it.
    ///
    /// @throws TaskFailedException if the call has thrown: its cause is what, the same for all
    ///     callers, its stack is the caller's own
    /// @throws IllegalStateException if it is called within the call for this key
    /// @throws InterruptedException if the thread is interrupted before or while it waits; the
    ///     call goes on for others
    public V call(K key, Load<? extends V> load) throws InterruptedException {
        return call(load, key, null);
    }

    /// The same for as long as `context` is not done.
    ///
    /// @throws ContextException if the context is done before; the call goes on for others
    /// @throws TaskFailedException if the call has thrown: its cause is what, the same for all
    ///     callers, its stack is the caller's own
    /// @throws IllegalStateException if it is called within the call for this key
    /// @throws InterruptedException if the thread is interrupted before or while it waits; the
    ///     call goes on for others
    public V call(Context context, K key, Load<? extends V> load) throws InterruptedException {
        context.throwIfDone();
        return call(load, key, context);
    }

    /// Starts or joins the call for `key` without waiting: for use in a [Select].
    ///
    /// @return gets the outcome, once. Whoever drops it counts as waiting until the call has ended
    public ReceiveChannel<Outcome<V>> start(K key, Load<? extends V> load) {
        Channel<Outcome<V>> outcome = Channel.bounded(1);
        join(key, load, Context.background(), flight -> flight.joinLocked(outcome));
        return outcome;
    }

    /// Makes the next caller for `key` start a call, even while one is under way, which goes on
    /// for those who wait for it.
    public void forget(K key) {
        lock.lock();
        try {
            flights.remove(Objects.requireNonNull(key, "key"));
        } finally {
            lock.unlock();
        }
    }

    /// For how many keys a call is under way that others would join.
    public int underWay() {
        lock.lock();
        try {
            return flights.size();
        } finally {
            lock.unlock();
        }
    }

    private V call(Load<? extends V> load, K key, @Nullable Context context) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before a call of " + this);
        }
        var ticket = new Ticket();
        var values = context == null ? Context.background() : context.withoutCancel();
        var flight = join(key, load, values, joined -> joined.joinLocked(ticket));
        boolean granted = false;
        try {
            granted = ticket.await(this, context, null);
        } finally {
            if (!granted) {
                leave(key, flight, ticket);
            }
        }
        if (!granted && context != null) {
            context.throwIfDone();
        }
        return flight.orThrow();
    }

    private Flight<V> join(K key, Load<? extends V> load, Context values, Consumer<Flight<V>> joining) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(load, "load");
        Flight<V> flight;
        Thread thread = null;
        boolean own;
        Simulations.point();
        lock.lock();
        try {
            var underWay = flights.get(key);
            if (underWay == null) {
                var made = new Flight<V>(values.withCancel(), name + "-" + started.incrementAndGet());
                thread = Scheduler.child(made.name, () -> complete(key, made, outcomeOf(made, load)), load, id);
                made.runsInLocked(thread);
                flights.put(key, made);
                flight = made;
            } else {
                flight = underWay;
            }
            own = flight.isRunByLocked(Thread.currentThread());
            if (!own) {
                joining.accept(flight);
            }
        } finally {
            lock.unlock();
        }
        if (own) {
            throw new IllegalStateException("call " + flight.name + " asks for its own key \"" + key + "\"");
        }
        if (thread != null) {
            start(thread, key, flight);
        }
        return flight;
    }

    // A flight that cannot start must not keep those who joined it waiting.
    @SuppressWarnings("CatchingUnchecked")
    private void start(Thread thread, K key, Flight<V> flight) {
        try {
            thread.start();
        } catch (Throwable thrown) {
            complete(key, flight, new Outcome.Failure<>(thrown));
        }
    }

    // Whatever the call throws is its outcome, errors included.
    @SuppressWarnings("CatchingUnchecked")
    private Outcome<V> outcomeOf(Flight<V> flight, Load<? extends V> load) {
        try {
            return new Outcome.Success<>(Objects.requireNonNull(load.load(flight.context), "what the call returned"));
        } catch (Throwable thrown) {
            Crew.reportError(thrown);
            return new Outcome.Failure<>(thrown);
        }
    }

    private void complete(K key, Flight<V> flight, Outcome<V> outcome) {
        List<Ticket> granted;
        Simulations.point();
        lock.lock();
        try {
            flights.remove(key, flight);
            granted = flight.completeLocked(outcome);
        } finally {
            lock.unlock();
        }
        granted.forEach(Ticket::wake);
        flight.tellListeners();
        flight.context.cancel();
    }

    private void leave(K key, Flight<V> flight, Ticket ticket) {
        boolean abandoned;
        Simulations.point();
        lock.lock();
        try {
            abandoned = flight.leaveLocked(ticket);
            if (abandoned) {
                flights.remove(key, flight);
            }
        } finally {
            lock.unlock();
        }
        if (abandoned) {
            flight.context.cancel();
        }
    }

    long crew() {
        return id;
    }

    @Override
    public String toString() {
        return "Singleflight(" + name + ")";
    }
}
