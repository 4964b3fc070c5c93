package dev.weir.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A context that can end. It is known to its nearest ancestor that can, and knows those for whom it is that.
///
/// Its monitor is never held while another one is taken: a tree is ended node by node from a work list, which
/// also keeps the stack flat however deep the tree is.
final class CancelNode implements CancellableContext {

    /// How a context ended.
    ///
    /// @param error cancelled or deadline exceeded
    /// @param cause what was given as the cause, else the error itself
    private record End(ContextException error, Throwable cause) {}

    // set once
    private final Context parent;
    private final @Nullable CancelNode owner;
    private final @Nullable Instant deadline;
    private final Channel<Void> done = Channel.unbuffered();

    // guarded by the monitor; `end` is written before `done` is closed and read after
    private @Nullable End end;
    private @Nullable Future<?> timer;
    private Set<Object> dependents = Set.of();

    private CancelNode(Context parent, @Nullable Instant deadline) {
        this.parent = Objects.requireNonNull(parent, "parent");
        this.owner = nearest(parent);
        this.deadline = deadline;
    }

    static CancelNode under(Context parent) {
        var node = new CancelNode(parent, parent.deadline().orElse(null));
        node.attach();
        return node;
    }

    static CancelNode under(Context parent, Duration timeout, Throwable cause) {
        return under(parent, plus(Deadline.instant(), timeout), Deadline.in(timeout), cause);
    }

    static CancelNode under(Context parent, Instant deadline, Throwable cause) {
        return under(parent, deadline, Deadline.in(Duration.between(Deadline.instant(), deadline)), cause);
    }

    private static CancelNode under(Context parent, Instant instant, Deadline deadline, Throwable cause) {
        var earlier = parent.deadline().filter(parents -> !instant.isBefore(parents));
        var node = new CancelNode(parent, earlier.orElse(instant));
        node.attach();
        if (earlier.isEmpty()) {
            node.endAt(deadline, cause);
        }
        return node;
    }

    /// The nearest of the context and its ancestors that can end by itself.
    static @Nullable CancelNode nearest(Context context) {
        var current = context;
        while (true) {
            switch (current) {
                case CancelNode node -> {
                    return node;
                }
                case ValueContext values -> current = values.parent();
                case BackgroundContext _, DetachedContext _ -> {
                    return null;
                }
            }
        }
    }

    private void attach() {
        if (owner != null && !owner.add(this)) {
            finish(owner.endLocked());
        }
    }

    private void endAt(Deadline at, Throwable cause) {
        var reason = cause instanceof DeadlineExceededException own ? own : DeadlineExceededException.reason();
        var why = new End(reason, cause);
        if (at.remainingNanos() <= 0) {
            finish(why);
            return;
        }
        var scheduled = DeadlineTimer.schedule(() -> finish(why), at);
        synchronized (this) {
            if (end == null) {
                timer = scheduled;
                return;
            }
        }
        scheduled.cancel(false);
    }

    @Override
    public void cancel() {
        if (!isDone()) {
            var reason = CancelledException.reason();
            finish(new End(reason, reason));
        }
    }

    @Override
    public void cancel(Throwable cause) {
        finish(new End(CancelledException.reason(), Objects.requireNonNull(cause, "cause")));
    }

    /// Ends this context and all below it, those that have ended already excepted.
    private void finish(End why) {
        if (owner != null) {
            owner.remove(this);
        }
        var pending = new ArrayDeque<CancelNode>(List.of(this));
        for (var node = pending.poll(); node != null; node = pending.poll()) {
            node.finishAlone(why, pending);
        }
    }

    private void finishAlone(End why, Deque<CancelNode> below) {
        Set<Object> released;
        Future<?> stopped;
        synchronized (this) {
            if (end != null) {
                return;
            }
            end = why;
            released = dependents;
            dependents = Set.of();
            stopped = timer;
            timer = null;
        }
        done.close();
        if (stopped != null) {
            stopped.cancel(false);
        }
        for (var dependent : released) {
            if (dependent instanceof CancelNode child) {
                below.add(child);
            } else if (dependent instanceof PendingFunc function) {
                function.start();
            }
        }
    }

    /// Adds a child or a function that is to be ended or started with this context. Returns false if it is
    /// too late.
    synchronized boolean add(Object dependent) {
        if (end != null) {
            return false;
        }
        if (dependents.isEmpty()) {
            dependents = new HashSet<>();
        }
        dependents.add(dependent);
        return true;
    }

    synchronized void remove(Object dependent) {
        if (!dependents.isEmpty()) {
            dependents.remove(dependent);
        }
    }

    /// How many children and functions depend on this context.
    synchronized int dependentCount() {
        return dependents.size();
    }

    private synchronized End endLocked() {
        return Objects.requireNonNull(end);
    }

    @Override
    public ReceiveChannel<Void> done() {
        return done;
    }

    @Override
    public boolean isDone() {
        return done.isClosed();
    }

    @Override
    public Optional<ContextException> err() {
        return isDone() ? Optional.of(endLocked().error()) : Optional.empty();
    }

    @Override
    public Optional<Throwable> cause() {
        return isDone() ? Optional.of(endLocked().cause()) : Optional.empty();
    }

    @Override
    public Optional<Instant> deadline() {
        return Optional.ofNullable(deadline);
    }

    @Override
    public <T> Optional<T> value(Key<T> key) {
        return parent.value(key);
    }

    @Override
    public String toString() {
        return parent + (deadline == null ? ".withCancel" : ".withDeadline(" + deadline + ")");
    }

    private static Instant plus(Instant now, Duration timeout) {
        return timeout.compareTo(Duration.between(now, Instant.MAX)) < 0 ? now.plus(timeout) : Instant.MAX;
    }
}
