package dev.weir.runtime.junit;

import dev.weir.runtime.control.Simulations;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What the code of [Interleaved] tests calls after it was rewritten, in place of what it called
/// before. Public for that code only.
public final class Rewritten {
    /// @param on what it waits for; asked for its text only when that is needed, since it may take
    ///     locks for it
    private record Parked(String by, @Nullable Object on) implements G.Inside {
        @Override
        public String toString() {
            return by + (on == null ? "" : "(" + on + ")");
        }
    }

    private static final Parked PARK = new Parked("LockSupport.park", null);
    private static final Parked PARK_NANOS = new Parked("LockSupport.parkNanos", null);

    private Rewritten() {}

    /// Before an access to a field or an array, or a call of `java.util.concurrent`.
    public static void point() {
        Simulations.point();
    }

    private static World world() {
        if (Simulations.current() instanceof World world) {
            return world;
        }
        throw new IllegalStateException("code that was rewritten for an interleaved test was called by "
                + Thread.currentThread() + ", which is not in the bubble; start only virtual threads in such a test");
    }

    /// Before the monitor of `object` is entered: gives the object to enter in its place.
    public static Object enter(Object object) {
        return world().monitors.enter(Objects.requireNonNull(object, "the object of the monitor"));
    }

    /// Before it is left: gives the object that was entered in its place.
    public static Object token(Object object) {
        return world().monitors.token(object);
    }

    /// After it was left.
    public static void exit(Object object) {
        world().monitors.exit(object);
    }

    /// `object.wait()`.
    public static void await(Object object) throws InterruptedException {
        world().monitors.await(object, 0);
    }

    /// `object.wait(millis)`.
    public static void await(Object object, long millis) throws InterruptedException {
        if (millis < 0) {
            throw new IllegalArgumentException("timeout must be at least 0, but was " + millis);
        }
        world().monitors.await(object, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /// `object.wait(millis, nanos)`.
    public static void await(Object object, long millis, int nanos) throws InterruptedException {
        await(object, nanos > 0 && millis < Long.MAX_VALUE ? millis + 1 : millis);
    }

    /// `object.notify()`.
    public static void signal(Object object) {
        world().monitors.signal(object);
    }

    /// `object.notifyAll()`.
    public static void signalAll(Object object) {
        world().monitors.signalAll(object);
    }

    /// `Thread.sleep(millis)`.
    public static void sleep(long millis) throws InterruptedException {
        sleep(Duration.ofMillis(millis));
    }

    /// `Thread.sleep(millis, nanos)`.
    public static void sleep(long millis, int nanos) throws InterruptedException {
        sleep(Duration.ofMillis(millis).plusNanos(nanos));
    }

    /// `Thread.sleep(duration)`.
    public static void sleep(Duration duration) throws InterruptedException {
        Bubble.sleep(duration);
    }

    /// `System.nanoTime()`.
    public static long nanoTime() {
        return world().nanoTime();
    }

    /// `System.currentTimeMillis()`.
    public static long currentTimeMillis() {
        return world().instant().toEpochMilli();
    }

    /// `Instant.now()`.
    public static Instant now() {
        return world().instant();
    }

    /// `LockSupport.park()`.
    public static void park() {
        park(PARK);
    }

    /// `LockSupport.park(blocker)`.
    public static void park(Object blocker) {
        world().point();
        LockSupport.park(blocker instanceof G.Inside ? blocker : new Parked("LockSupport.park", blocker));
        world().point();
    }

    /// `LockSupport.parkNanos(nanos)`.
    public static void parkNanos(long nanos) {
        parkNanos(PARK_NANOS, nanos);
    }

    /// `LockSupport.parkNanos(blocker, nanos)`.
    public static void parkNanos(Object blocker, long nanos) {
        var world = world();
        world.point();
        var parked = blocker instanceof G.Inside ? blocker : new Parked("LockSupport.parkNanos", blocker);
        world.park(parked, world.nanoTime() + nanos);
    }

    /// `Thread.onSpinWait()`: lets the others run, since nobody else can end the waiting.
    @SuppressWarnings("ThreadPriorityCheck") // it gives the carrier back, which is ours
    public static void onSpinWait() {
        Thread.yield();
    }
}
