package dev.weir.runtime;

import dev.weir.runtime.ForeignContext.Link;
import dev.weir.runtime.control.Simulations;
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

/// A context that can end. It is known to its nearest ancestor that can, and knows those for whom
/// it is that.
///
/// Its monitor is never held while another one is taken: a tree is ended node by node from a work
/// list, which also keeps the stack flat however deep the tree is.
final class CancelNode implements CancellableContext, Dependent {

    /// How a context ended.
    ///
    /// @param error cancelled or deadline exceeded
    /// @param cause what was given as the cause, else the error itself
    private record End(ContextException error, Throwable cause) {}

    // set once
    private final Context parent;
    private final @Nullable CancelNode owner;
    private final @Nullable Instant deadline;
    /// The same in monotonic time, which is what waits go by.
    private final @Nullable Deadline due;

    private final Channel<Void> done = Channel.unbuffered();

    // guarded by the monitor; `end` is written before `done` is closed and read after
    private @Nullable End end;
    private @Nullable Future<?> timer;
    private Set<Dependent> dependents = Set.of();
    private @Nullable Link link;

    private CancelNode(Context parent, @Nullable Instant deadline, @Nullable Deadline due) {
        this.parent = Objects.requireNonNull(parent, "parent");
        this.owner = nearest(parent);
        this.deadline = deadline;
        this.due = due;
    }

    static CancelNode under(Context parent) {
        var node = new CancelNode(parent, parent.deadline().orElse(null), dueOf(parent));
        node.attach();
        return node;
    }

    static CancelNode under(Context parent, Duration timeout, Throwable cause) {
        Objects.requireNonNull(timeout, "timeout");
        return under(parent, plus(Deadline.instant(), timeout), Deadline.in(timeout), cause);
    }

    static CancelNode under(Context parent, Instant deadline, Throwable cause) {
        Objects.requireNonNull(deadline, "deadline");
        return under(parent, deadline, Deadline.in(Duration.between(Deadline.instant(), deadline)), cause);
    }

    private static CancelNode under(Context parent, Instant instant, Deadline due, Throwable cause) {
        var earlier = parent.deadline().filter(parents -> !instant.isBefore(parents));
        var node = new CancelNode(parent, earlier.orElse(instant), earlier.isEmpty() ? due : dueOf(parent));
        node.attach();
        if (earlier.isEmpty()) {
            node.endAt(due, cause);
        }
        return node;
    }

    /// A child of `parent` that `other` ends as well.
    static CancelNode linked(Context parent, Context other) {
        var earlier = other.deadline()
                .filter(others -> parent.deadline().map(others::isBefore).orElse(true));
        var node = new CancelNode(
                parent, earlier.or(parent::deadline).orElse(null), earlier.isEmpty() ? dueOf(parent) : dueOf(other));
        node.attach();
        var second = nearest(other);
        if (second == null) {
            return node;
        }
        if (second.add(node)) {
            node.undoAtTheEnd(() -> second.remove(node));
        } else {
            node.finish(second.endLocked());
        }
        return node;
    }

    /// A child of `parent` that somebody else's context ends as well.
    static CancelNode linked(Context parent, ForeignContext foreign) {
        var node = foreign.deadline()
                .map(deadline -> under(parent, deadline, DeadlineExceededException.reason()))
                .orElseGet(() -> under(parent));
        boolean linked = false;
        try {
            node.undoAtTheEnd(Objects.requireNonNull(foreign.link(node), "what link of the foreign context returned"));
            linked = true;
        } finally {
            if (!linked) {
                node.cancel();
            }
        }
        return node;
    }

    /// When waits for the end of `context` have to give up, or null if it has no deadline.
    static @Nullable Deadline dueOf(Context context) {
        var node = nearest(context);
        return node == null ? null : node.due;
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
        Simulations.point();
        var pending = new ArrayDeque<CancelNode>(List.of(this));
        for (var node = pending.poll(); node != null; node = pending.poll()) {
            node.finishAlone(why, pending);
        }
    }

    private void finishAlone(End why, Deque<CancelNode> below) {
        Set<Dependent> released;
        Future<?> stopped;
        Link undone;
        boolean first;
        synchronized (this) {
            first = end == null;
            if (first) {
                end = why;
            }
            released = dependents;
            dependents = Set.of();
            stopped = timer;
            timer = null;
            undone = link;
            link = null;
        }
        // Who comes second closes it as well: the first one may not have come to that yet.
        done.closeIfOpen();
        if (!first) {
            return;
        }
        if (owner != null) {
            owner.remove(this);
        }
        if (stopped != null) {
            stopped.cancel(false);
        }
        for (var dependent : released) {
            switch (dependent) {
                case CancelNode child -> below.add(child);
                case PendingFunc function -> function.start();
                case Ticket ticket -> ticket.wake();
            }
        }
        if (undone != null) {
            undo(undone);
        }
    }

    private void undoAtTheEnd(Link made) {
        synchronized (this) {
            if (end == null) {
                link = made;
                return;
            }
        }
        undo(made);
    }

    // What a caller's code throws must not keep the rest of a tree from ending.
    @SuppressWarnings("CatchingUnchecked")
    private static void undo(Link link) {
        try {
            link.unlink();
        } catch (RuntimeException | Error thrown) {
            var thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
        }
    }

    /// Adds what is to be told of this context's end. Returns false if it is too late, and then
    /// [#done()] is closed.
    @SuppressWarnings("ThreadPriorityCheck") // for the few instructions between two steps of another thread
    boolean add(Dependent dependent) {
        synchronized (this) {
            if (end == null) {
                if (dependents.isEmpty()) {
                    dependents = new HashSet<>();
                }
                dependents.add(dependent);
                return true;
            }
        }
        while (!isDone()) {
            Thread.yield();
        }
        return false;
    }

    synchronized void remove(Dependent dependent) {
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
