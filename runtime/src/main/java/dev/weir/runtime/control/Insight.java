package dev.weir.runtime.control;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What the library knows of the virtual threads it has started and of what they wait for, for
/// tools that show it. Answers are out of date when they are read, and keep no thread alive.
public interface Insight {
    /// What kind of thing a thread waits for.
    enum Kind {
        /// A send or receive.
        CHANNEL,
        /// Permits of a weighted semaphore, or room in a group with a limit.
        SEMAPHORE,
        /// The end of tasks that are counted.
        WAIT_GROUP,
        /// The end of the tasks of a group or gather.
        GROUP,
        /// A call that is shared.
        SINGLEFLIGHT,
        /// The time at which a rate allows it.
        RATE_LIMITER,
        /// A lock or condition of the JDK.
        LOCK,
        /// Something of which only the text is known.
        OTHER
    }

    /// Which side of a channel a thread is on.
    enum Side {
        /// It sends.
        SEND,
        /// It receives.
        RECEIVE,
        /// It is no channel, or not known.
        NONE
    }

    /// One thing that a thread waits for.
    ///
    /// @param id the same for the same thing as long as it lives
    /// @param text what it is called
    /// @param length of a channel: elements in the buffer
    /// @param capacity of a channel: elements the buffer can hold
    /// @param moved of a channel: how many elements have come out of it; else 0
    /// @param sinceNanos since when, in [System#nanoTime()]; 0 if that is not known
    /// @param crew the id of the group whose tasks end the wait; 0 if none
    /// @param last the id of the thread that has last used the other side on a slow path, or that
    ///     holds it; 0 if that is not known
    record Cause(
            Kind kind,
            long id,
            String text,
            Side side,
            int length,
            int capacity,
            long moved,
            long sinceNanos,
            long crew,
            long last) {}

    /// Where a thread runs.
    ///
    /// @param scheduler its name
    /// @param lane its name, in capitals
    record Place(String scheduler, String lane) {}

    /// A virtual thread that was started by the library, has begun and has not ended.
    interface Known {
        /// The thread, or null if it was collected, which is possible only if nobody can wake it.
        @Nullable
        Thread thread();

        /// Its id, as [Thread#threadId()].
        long id();

        /// The name it was given.
        String name();

        /// Where it was started: the class of its task, or the very line where that is switched on.
        String startedAt();

        /// When it was made, in [System#nanoTime()].
        long startedNanos();

        /// The id of the group it is a task of; 0 if of none.
        long crew();

        /// Whether it has begun, has not ended and was collected.
        boolean isLost();

        /// What a tool has noted last.
        @Nullable
        Object note();

        /// Notes something for a later look. It must not reach the thread.
        void note(Object what);
    }

    /// The threads that live, in no order.
    ///
    /// @param most how many at most
    List<Known> threads(int most);

    /// How many live.
    long count();

    /// Whether the JVM collects threads that nobody can reach.
    boolean areCollected();

    /// Those that were collected without having ended, since the last call: nobody could wake
    /// them. At most 1,000 of each carrier's are kept between two calls.
    List<Known> collected();

    /// How many were collected without having ended, in all.
    long collectedCount();

    /// Where a thread runs; null if that is the JDK's scheduler.
    @Nullable
    Place place(Thread thread);

    /// The names of the schedulers on which turns wait for a processor, of those that run any thread.
    Set<String> busy();

    /// What a thread waits for that is parked: one thing, or one for each case of a select; empty
    /// if it does not wait.
    List<Cause> causes(Thread thread);

    /// How many deadlines and ticks are pending.
    int timers();

    /// The one of the library.
    ///
    /// @throws IllegalStateException if the library was not used yet
    static Insight get() {
        Insight installed = Installed.INSIGHT.get();
        if (installed == null) {
            throw new IllegalStateException("no scheduler was used yet");
        }
        return installed;
    }

    /// Makes it the one of the library.
    static void install(Insight insight) {
        Installed.INSIGHT.set(insight);
    }

    /// Where it is kept.
    final class Installed {
        private static final AtomicReference<@Nullable Insight> INSIGHT = new AtomicReference<>();

        private Installed() {}
    }
}
