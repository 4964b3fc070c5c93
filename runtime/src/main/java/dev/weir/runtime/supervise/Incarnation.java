package dev.weir.runtime.supervise;

import dev.weir.runtime.CancellableContext;
import dev.weir.runtime.ContextException;
import dev.weir.runtime.IterationInterruptedException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One run of a child: a thread, its context, and how it ended.
final class Incarnation {
    // set once
    private final Child child;
    private final String name;
    private final long number;
    private final CancellableContext context;
    private final Pulse pulse = new Pulse();
    private final Box box;
    private final Box.@Nullable Carried poison;
    private final ChildContext own;
    private final Runnable signal;

    // only the supervisor's loop
    private @Nullable Thread thread;
    private long cancelledAt;
    private long abandonedAt;

    // written by the thread of the child before `ended`
    private @Nullable Throwable thrown;
    private boolean afterCancel;

    private volatile boolean ended;

    /// @param poison an element to give up before anything else
    /// @param signal tells the supervisor that the run has ended; must neither block nor throw
    Incarnation(
            Child child,
            String name,
            long number,
            CancellableContext context,
            Box box,
            Box.@Nullable Carried poison,
            @Nullable Failure last,
            Runnable signal) {
        this.child = child;
        this.name = name;
        this.number = number;
        this.context = context;
        this.box = box;
        this.poison = poison;
        this.signal = signal;
        this.own = new ChildContext(this, last);
    }

    // Nothing that a child throws may reach anybody else: neither its neighbours nor the scheduler.
    @SuppressWarnings("CatchingUnchecked")
    void run() {
        try {
            if (poison != null) {
                child.onPoison().accept(poison.element(), poison.times());
            }
            own.run(child.task());
        } catch (Throwable e) {
            thrown = e;
        }
        end();
    }

    private void end() {
        afterCancel = context.isDone();
        ended = true;
        signal.run();
    }

    /// It could not even be started.
    void failToStart(Throwable why) {
        thrown = why;
        end();
    }

    void startIn(Thread unstarted) {
        thread = unstarted;
        unstarted.start();
    }

    boolean hasEnded() {
        return ended;
    }

    /// What it has thrown, once it has ended.
    @Nullable
    Throwable thrown() {
        return thrown;
    }

    /// Whether it has ended because it was told to.
    boolean wasCancelled() {
        Throwable what = thrown;
        return what != null && afterCancel && (isCancellation(what) || isCancellation(what.getCause()));
    }

    private static boolean isCancellation(@Nullable Throwable thrown) {
        return thrown instanceof ContextException
                || thrown instanceof InterruptedException
                || thrown instanceof IterationInterruptedException
                || thrown instanceof InterruptedIOException
                || thrown instanceof ClosedByInterruptException;
    }

    void cancel(@Nullable Throwable cause, long now) {
        if (context.isDone()) {
            return;
        }
        cancelledAt = now;
        if (cause == null) {
            context.cancel();
        } else {
            context.cancel(cause);
        }
    }

    void abandon(long now) {
        abandonedAt = now;
        Thread left = thread;
        if (left != null) {
            left.setName(name + " (abandoned)");
        }
    }

    /// How long it was waited for after it was told to end.
    Duration waited() {
        return Duration.ofNanos(abandonedAt - cancelledAt);
    }

    @Nullable
    Thread thread() {
        return thread;
    }

    CancellableContext context() {
        return context;
    }

    String name() {
        return name;
    }

    long number() {
        return number;
    }

    Pulse pulse() {
        return pulse;
    }

    Box box() {
        return box;
    }
}
