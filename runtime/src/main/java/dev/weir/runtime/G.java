package dev.weir.runtime;

import dev.weir.runtime.control.Insight;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/// What is known of a virtual thread (Go's G) from its first turn to its last.
///
/// Where the JVM collects threads that wait for what nobody can reach
/// (`-Djdk.trackAllThreads=false`), it does not keep the thread alive, and stays in the [Roster]
/// when the thread is gone.
sealed class G implements Insight.Known permits Job {
    /// Whether the JVM collects threads.
    static final boolean ARE_COLLECTED = areCollected(System.getProperty("jdk.trackAllThreads"));

    /// The class of its task, or the [StackTraceElement] at which it was made.
    private final Object origin;
    private final long crew;

    /// Written by the thread before it is entered; the [Thread], or where threads are collected a
    /// [Mark]. Null when the thread has ended.
    private volatile @Nullable Object thread;

    private long startedNanos;
    private volatile @Nullable Object note;

    // guarded by the roster's lock, and read by the thread itself
    @Nullable
    Roster roster;

    int slot;

    private static final class Mark extends WeakReference<Thread> {
        final long id;
        final String name;

        Mark(Thread thread) {
            super(thread);
            id = thread.threadId();
            name = thread.getName();
        }
    }

    G(Object origin, long crew) {
        this.origin = origin;
        this.crew = crew;
    }

    private static boolean areCollected(@Nullable String tracked) {
        return tracked != null && !tracked.isEmpty() && !Boolean.parseBoolean(tracked);
    }

    /// Another one of the same that does not have the task, through which a thread could be reached.
    final G copy() {
        return new G(origin, crew);
    }

    /// The caller is the thread.
    final void begin(Thread current, long nanos) {
        startedNanos = nanos;
        thread = ARE_COLLECTED ? new Mark(current) : current;
    }

    final void end() {
        thread = null;
    }

    final boolean hasEnded() {
        return thread == null;
    }

    @Override
    public final @Nullable Thread thread() {
        return switch (thread) {
            case Thread kept -> kept;
            case Mark mark -> mark.get();
            case null, default -> null;
        };
    }

    @Override
    public final long id() {
        return switch (thread) {
            case Thread kept -> kept.threadId();
            case Mark mark -> mark.id;
            case null, default -> 0;
        };
    }

    @Override
    public final String name() {
        return switch (thread) {
            case Thread kept -> kept.getName();
            case Mark mark -> mark.name;
            case null, default -> "";
        };
    }

    /// The host class of a lambda, not the class that the JVM has made of it.
    @Override
    public final String startedAt() {
        if (origin instanceof Class<?> type) {
            String full = type.getName();
            int lambda = full.indexOf("$$Lambda");
            return lambda < 0 ? full : full.substring(0, lambda);
        }
        return origin.toString();
    }

    @Override
    public final long startedNanos() {
        return startedNanos;
    }

    @Override
    public final long crew() {
        return crew;
    }

    @Override
    public final boolean isLost() {
        return thread instanceof Mark mark && mark.get() == null;
    }

    @Override
    public final @Nullable Object note() {
        return note;
    }

    @Override
    public final void note(Object what) {
        note = what;
    }
}
