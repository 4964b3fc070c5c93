package dev.weir.runtime.junit;

import dev.weir.runtime.control.Simulation;
import dev.weir.runtime.control.Simulations;
import dev.weir.runtime.control.VirtualThreads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A world of its own for a test, with a clock of its own, as Go's `testing/synctest`: everything
/// that waits for time does so in an instant, and what waits for ever is an error.
///
/// {@snippet file="BubbleExampleTest.java" region="bubble"}
///
/// [#run(Body)] runs the body in a virtual thread. Every virtual thread that it starts, by
/// whatever means, is in the bubble too. They run one at a time, first come, first served. When
/// all are blocked, the clock jumps to the next deadline, timer or timeout of the library and of
/// [#sleep(Duration)]. If there is none, all of them wait for ever: a [DeadlockError]. When the
/// body has returned, time stands still, and threads that are left and cannot end are a
/// [ThreadsLeftError]. An exception that ends one of the threads fails the test.
///
/// The clock begins at midnight UTC of January 1st, 2000, and moves only then, so a test may
/// compare times for equality. Code under test sees it if it waits by the library, or if it is
/// given [#clock()] or [#nanoTime()]. `Thread.sleep`, `System.nanoTime` and the timeouts of
/// `java.util.concurrent` are in real time; nothing can change that, except that [Interleaved]
/// tests are rewritten so that the first two are the bubble's. A bubble waits in real time while a
/// thread is blocked in one of these, on a socket or in a platform thread, for so long as its
/// patience.
///
/// Threads that wait for each other by locks, latches or monitors of the JDK are believed to be
/// blocked after they have been for 20 ms of real time, and to be in a deadlock after a second.
public final class Bubble {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long CHOICES = 1;

    /// What a test does.
    @FunctionalInterface
    public interface Body {
        /// Does it; what it throws fails the test.
        void run() throws Exception;
    }

    private record Sleep(Duration duration) implements G.Inside {
        @Override
        public String toString() {
            return "Bubble.sleep(" + duration + ")";
        }
    }

    private Bubble() {}

    /// Runs a body in a new bubble and waits for the end of all its threads.
    ///
    /// @throws Exception what the body threw
    /// @throws IllegalStateException if the JVM does not let virtual threads run on a scheduler of
    ///     ours
    public static void run(Body body) throws Exception {
        run(PATIENCE, body);
    }

    /// The same with a bound on how long it waits, in real time, for something outside of it and
    /// for a thread that does not give up its turn; 30 s by default.
    ///
    /// @throws Exception what the body threw
    public static void run(Duration patience, Body body) throws Exception {
        var order = new Order.Fifo(new SplittableRandom(CHOICES));
        var failure = outcome(
                new World(Objects.requireNonNull(body, "body"), order, checked(patience), false, new Trace(false)),
                patience);
        if (failure != null) {
            throw failure;
        }
    }

    static Duration checked(Duration patience) {
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("patience must be more than zero, but was " + patience);
        }
        return patience;
    }

    /// Runs a world to its end. What it failed with is returned, or thrown if it is an error.
    static @Nullable Exception outcome(World world, Duration patience) throws InterruptedException {
        requireOpenDoors();
        new BubbleCarrier(world).runWithin(patience);
        return switch (world.failure()) {
            case null -> null;
            case Exception thrown -> thrown;
            case Error error -> throw error;
            case Throwable thrown -> new IllegalStateException(thrown);
        };
    }

    static void requireOpenDoors() {
        if (!VirtualThreads.areOpen()) {
            throw new IllegalStateException("a bubble needs virtual threads on a scheduler of its own; start the JVM of"
                    + " the tests with --add-opens java.base/java.lang=ALL-UNNAMED, in Maven:"
                    + " <argLine>--add-opens java.base/java.lang=ALL-UNNAMED</argLine> for the surefire plugin ("
                    + VirtualThreads.CLOSED + ")");
        }
    }

    /// Waits for a duration of the bubble's time.
    ///
    /// @throws IllegalStateException if the thread is not in a bubble
    /// @throws InterruptedException if it is interrupted before or while it waits
    public static void sleep(Duration duration) throws InterruptedException {
        var world = world();
        var blocker = new Sleep(duration);
        long until = world.nanoTime() + duration.toNanos();
        do {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted in " + blocker);
            }
            world.park(blocker, until);
        } while (world.nanoTime() < until);
    }

    /// Waits until every other thread of the bubble is blocked, for an event that is not the
    /// passing of time, or has ended: then all that could happen at this moment has happened. Go's
    /// `synctest.Wait`.
    ///
    /// @throws IllegalStateException if the thread is not in a bubble
    /// @throws InterruptedException if it is interrupted before or while it waits
    public static void settle() throws InterruptedException {
        world().settlers.await();
    }

    /// The bubble's time of day, for code under test that is given its clock.
    ///
    /// @throws IllegalStateException if the thread is not in a bubble
    public static InstantSource clock() {
        var world = world();
        return world::instant;
    }

    /// The bubble's time of day.
    ///
    /// @throws IllegalStateException if the thread is not in a bubble
    public static Instant now() {
        return world().instant();
    }

    /// The bubble's monotonic time in nanoseconds: `Bubble::nanoTime` for code under test that is
    /// given
    /// `System::nanoTime` elsewhere.
    ///
    /// @throws IllegalStateException if the thread is not in a bubble
    public static long nanoTime() {
        return world().nanoTime();
    }

    /// Whether the calling thread is in a bubble.
    public static boolean isInside() {
        return Simulations.current() instanceof World;
    }

    static World world() {
        return switch (Simulations.current()) {
            case World world -> world;
            case null -> throw notInside();
            case Simulation _ -> throw notInside();
        };
    }

    private static IllegalStateException notInside() {
        return new IllegalStateException(
                "not in a bubble: call this from the body of Bubble.run, or from a virtual thread"
                        + " that was started in there");
    }
}
