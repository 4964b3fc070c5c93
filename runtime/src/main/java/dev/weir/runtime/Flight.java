package dev.weir.runtime;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One call of a [Singleflight], with those who wait for it. Guarded by the lock of that, but for
/// what is set once.
final class Flight<V> {
    // set once
    final CancellableContext context;
    final String name;

    // guarded by the lock
    private final Set<Ticket> callers = new HashSet<>();
    private final List<Channel<Outcome<V>>> listeners = new ArrayList<>();
    private @Nullable Thread thread;

    // written before a caller's ticket is granted, and read after
    private @Nullable Outcome<V> outcome;

    Flight(CancellableContext context, String name) {
        this.context = context;
        this.name = name;
    }

    void joinLocked(Ticket caller) {
        callers.add(caller);
    }

    void joinLocked(Channel<Outcome<V>> listener) {
        listeners.add(listener);
    }

    /// Removes a caller. Returns whether nobody waits any more for an outcome that is still to
    /// come.
    boolean leaveLocked(Ticket caller) {
        return callers.remove(caller) && callers.isEmpty() && listeners.isEmpty() && outcome == null;
    }

    void runsInLocked(Thread runs) {
        thread = runs;
    }

    boolean isRunByLocked(Thread asking) {
        return asking.equals(thread);
    }

    /// Sets the outcome, and returns those of the callers who get it.
    List<Ticket> completeLocked(Outcome<V> became) {
        outcome = became;
        var granted = callers.stream().filter(Ticket::grant).toList();
        callers.clear();
        return granted;
    }

    /// Tells those who listen. Not to be called under the lock, nor before the flight is complete.
    void tellListeners() {
        listeners.forEach(listener -> listener.trySend(outcome()));
    }

    /// The value, for one whose ticket was granted.
    V orThrow() {
        return switch (outcome()) {
            case Outcome.Success<V>(V value) -> value;
            case Outcome.Failure<V>(Throwable thrown) ->
                throw new TaskFailedException("call " + name + " failed: " + thrown, thrown);
        };
    }

    private Outcome<V> outcome() {
        return Objects.requireNonNull(outcome, "the flight is not complete");
    }
}
