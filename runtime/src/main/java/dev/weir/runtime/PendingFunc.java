package dev.weir.runtime;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A function that waits for a context to be done.
final class PendingFunc implements Context.AfterFunc, Dependent {
    private final Runnable action;
    private final @Nullable CancelNode owner;
    private final AtomicBoolean decided = new AtomicBoolean();

    private PendingFunc(Runnable action, @Nullable CancelNode owner) {
        this.action = action;
        this.owner = owner;
    }

    static PendingFunc on(Context context, Runnable action) {
        var owner = CancelNode.nearest(context);
        var pending = new PendingFunc(Objects.requireNonNull(action, "action"), owner);
        if (owner != null && !owner.add(pending)) {
            pending.start();
        }
        return pending;
    }

    void start() {
        if (decided.compareAndSet(false, true)) {
            Scheduler.child("weir-after-context", action).start();
        }
    }

    @Override
    public boolean stop() {
        if (!decided.compareAndSet(false, true)) {
            return false;
        }
        if (owner != null) {
            owner.remove(this);
        }
        return true;
    }
}
