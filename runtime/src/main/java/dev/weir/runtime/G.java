package dev.weir.runtime;

import dev.weir.runtime.control.Insight;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/// What is known of a virtual thread (Go's G) as long as it lives. It does not keep the thread
/// alive: one that waits for what nobody can reach is collected, where the JDK lets it
/// (`-Djdk.trackAllThreads=false`), and what is known of it is left.
final class G extends WeakReference<Thread> implements Insight.Known {
    // set once
    private final long id;
    private final String name;
    /// The class of its task, or the [StackTraceElement] at which it was made.
    private final Object origin;
    private final long startedNanos;
    private final long crew;

    // guarded by the lock of its part of the roster
    @Nullable
    G previous;

    @Nullable
    G next;

    /// Whether it is linked in. Guarded by the lock of its part of the roster.
    boolean listed;

    /// Written by the thread when it begins. One that was collected before was never started.
    private boolean begun;

    private volatile @Nullable Object note;

    G(Thread thread, Object origin, long crew, long startedNanos, ReferenceQueue<Thread> collected) {
        super(thread, collected);
        this.id = thread.threadId();
        this.name = thread.getName();
        this.origin = origin;
        this.crew = crew;
        this.startedNanos = startedNanos;
    }

    void begin() {
        begun = true;
    }

    boolean hasBegun() {
        return begun;
    }

    @Override
    public @Nullable Thread thread() {
        return get();
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String name() {
        return name;
    }

    /// The host class of a lambda, not the class that the JVM has made of it.
    @Override
    public String startedAt() {
        if (origin instanceof Class<?> type) {
            String full = type.getName();
            int lambda = full.indexOf("$$Lambda");
            return lambda < 0 ? full : full.substring(0, lambda);
        }
        return origin.toString();
    }

    @Override
    public long startedNanos() {
        return startedNanos;
    }

    @Override
    public long crew() {
        return crew;
    }

    @Override
    public boolean isLost() {
        return begun && get() == null && Roster.has(this);
    }

    @Override
    public @Nullable Object note() {
        return note;
    }

    @Override
    public void note(Object what) {
        note = what;
    }
}
