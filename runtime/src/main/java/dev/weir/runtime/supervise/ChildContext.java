package dev.weir.runtime.supervise;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.ReceiveChannel;
import dev.weir.runtime.SendChannel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one run of a child has from its supervisor. Any thread may use it, unless a method says
/// otherwise; nothing blocks.
public final class ChildContext {
    private final Incarnation run;
    private final @Nullable Failure last;

    ChildContext(Incarnation run, @Nullable Failure last) {
        this.run = run;
        this.last = last;
    }

    /// Ends when the child has to: on shutdown, when it is restarted, when it hangs. Has the values
    /// of the context that the supervisor runs with.
    public Context context() {
        return run.context();
    }

    /// `SUPERVISOR/CHILD`, as its thread is called.
    public String name() {
        return run.name();
    }

    /// How many runs of this child there were before; 0 for the first.
    public long restarts() {
        return run.number();
    }

    /// How the last run that failed did.
    public Optional<Failure> lastFailure() {
        return Optional.ofNullable(last);
    }

    /// A sign of life. Costs a store.
    public void beat() {
        run.pulse().beat();
    }

    /// Takes each element that goes into the channel for a sign of life, for as long as this run
    /// lasts. While the thread of the child waits for room in it, or selects over it, it is not
    /// hung: the one who should receive is.
    ///
    /// @throws IllegalStateException if the child watches 64 channels already
    public void watch(SendChannel<?> output) {
        run.pulse().watch(output, () -> output.stats().sent());
    }

    /// Takes each element that is received from the channel for a sign of life, for as long as this
    /// run lasts. While the thread of the child waits for an element, or selects over the channel,
    /// it is not hung, but has nothing to do.
    ///
    /// @throws IllegalStateException if the child watches 64 channels already
    public void watch(ReceiveChannel<?> input) {
        run.pulse().watch(input, () -> input.stats().received());
    }

    /// Takes each element that goes into the channel or comes out for a sign of life, as the two
    /// others do.
    ///
    /// @throws IllegalStateException if the child watches 64 channels already
    public void watch(Channel<?> channel) {
        run.pulse().watch(channel, () -> {
            var stats = channel.stats();
            return stats.sent() + stats.received();
        });
    }

    /// The box for the element that the child works on, in which it finds what its predecessor had
    /// not finished. The same box each time.
    ///
    /// @param <T> the type of the element, the same in all runs of the child
    public <T> InFlight<T> inFlight(Class<T> type) {
        return new InFlight<>(run.box(), type, run.context());
    }
}
