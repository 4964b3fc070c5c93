package dev.weir.runtime.supervise;

import dev.weir.runtime.control.WaitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The signs of life of one run of a child: what it beats itself, and what goes through the
/// channels that it watches.
final class Pulse {
    static final int MOST_CHANNELS = 64;

    /// @param activity grows with each element
    private record Watched(Object channel, LongSupplier activity) {}

    /// Even while signs of life are due, odd while the child rests. Nearly always written by one
    /// thread. If two beat at once, one beat may be lost, which does not matter.
    private final AtomicLong beats = new AtomicLong();

    private final List<Watched> watched = new CopyOnWriteArrayList<>();

    void beat() {
        beats.setRelease((beats.getPlain() | 1) + 1);
    }

    void rest() {
        beats.setRelease(beats.getPlain() | 1);
    }

    boolean isResting() {
        return (beats.getAcquire() & 1) == 1;
    }

    void watch(Object channel, LongSupplier activity) {
        if (watched.size() >= MOST_CHANNELS) {
            throw new IllegalStateException("a child can watch " + MOST_CHANNELS + " channels at most");
        }
        watched.add(new Watched(channel, activity));
    }

    long count() {
        long count = beats.getAcquire();
        for (Watched each : watched) {
            count += each.activity.getAsLong();
        }
        return count;
    }

    /// Whether the thread waits for one of the channels that are watched: then it is for others to
    /// do something.
    boolean waitsForOthers(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> !watched.isEmpty() && waitsOn(LockSupport.getBlocker(thread));
            case NEW, RUNNABLE, BLOCKED, TERMINATED -> false;
        };
    }

    private boolean waitsOn(@Nullable Object blocker) {
        return switch (blocker) {
            case null -> false;
            case WaitSet several -> several.members().stream().anyMatch(this::isWatched);
            case Object one -> isWatched(one);
        };
    }

    @SuppressWarnings("ReferenceEquality") // it is about that very channel
    private boolean isWatched(Object channel) {
        return watched.stream().anyMatch(each -> each.channel == channel);
    }
}
