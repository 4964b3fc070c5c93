package dev.weir.runtime.control;

import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// By which the library asks whether it is in a [Simulation]. As long as none is open in the
/// process, that costs the reading of one static field.
public final class Simulations {
    private static int open;

    /// Plain: who is in a simulation was started after it was set; for all others the answer is the
    /// same whatever they read.
    private static boolean any;

    private Simulations() {}

    /// To be called before the carrier of a simulation is started.
    public static synchronized void open() {
        open++;
        any = true;
    }

    /// To be called when the carrier of a simulation has ended.
    public static synchronized void close() {
        if (open == 0) {
            throw new IllegalStateException("close of a simulation, but none is open");
        }
        open--;
        any = open > 0;
    }

    /// The simulation that the calling thread is in, or null.
    public static @Nullable Simulation current() {
        return any ? ofCarrier() : null;
    }

    private static @Nullable Simulation ofCarrier() {
        return VirtualThreads.areOpen() && VirtualThreads.carrier() instanceof Simulation.Carrier carrier
                ? carrier.simulation()
                : null;
    }

    /// [Simulation#point()], if in one.
    public static void point() {
        if (any) {
            Simulation simulation = ofCarrier();
            if (simulation != null) {
                simulation.point();
            }
        }
    }

    /// A number from `origin` (inclusive) to `bound` (exclusive): random, or as the simulation
    /// chooses.
    public static int choose(int origin, int bound) {
        Simulation simulation = current();
        return simulation == null
                ? ThreadLocalRandom.current().nextInt(origin, bound)
                : simulation.choose(origin, bound);
    }

    /// The monotonic time: of the JVM, or of the simulation.
    public static long nanoTime() {
        Simulation simulation = current();
        return simulation == null ? System.nanoTime() : simulation.nanoTime();
    }

    /// The time of day.
    public static Instant instant() {
        Simulation simulation = current();
        return simulation == null ? Instant.now() : simulation.instant();
    }
}
