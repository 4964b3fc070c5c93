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
    private static final ScopedValue<ChildContext> CURRENT = ScopedValue.newInstance();

    private final Incarnation run;
    private final @Nullable Failure last;

    ChildContext(Incarnation run, @Nullable Failure last) {
        this.run = run;
        this.last = last;
    }

    /// That of the child in whose thread the caller runs; empty in all other threads, those that a
    /// child has started included. For code that waits for others deep below a child's task, and
    /// wants to [rest][#rest()] meanwhile.
    public static Optional<ChildContext> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /// Runs a task so that it finds this as [#current()].
    void run(Child.Task task) throws Exception {
        ScopedValue.where(CURRENT, this).call(() -> {
            task.run(this);
            return true;
        });
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

    /// A sign of life, and the end of a [rest][#rest()]. Costs a store.
    public void beat() {
        run.pulse().beat();
    }

    /// Says that no sign of life is to be expected until the next [#beat()]: the child waits for
    /// something that others have to do, such as room in their queue. Costs a store.
    ///
    /// For what is not a channel that can be [watched][#watch(Channel)], or is one of too many. A
    /// child that forgets to beat afterwards is never found to hang.
    public void rest() {
        run.pulse().rest();
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
