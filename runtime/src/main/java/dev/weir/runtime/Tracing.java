package dev.weir.runtime;

import org.jspecify.annotations.Nullable;

/// What is told to the JDK's flight recorder, where there is one: the module `jdk.jfr` may be absent,
/// and no class of it is touched then.
final class Tracing {
    /// From which delay a turn is told of.
    static final long DELAY_NANOS = 1_000_000;

    /// Who writes the events.
    interface Events {
        /// Begins a wait; null while nobody records such.
        @Nullable
        Object blocking();

        /// Ends a wait.
        void blocked(Object begun, String operation, Object on);

        void retaken(String scheduler, String to, boolean lent);

        void delayed(Lane lane, long nanos);
    }

    private static final @Nullable Events EVENTS = find();

    private Tracing() {}

    /// `jdk.jfr` is required statically: the module system does not bring it along, but it is there
    /// in every run-time image that has it and resolves it.
    private static @Nullable Events find() {
        try {
            Class.forName("jdk.jfr.Event", false, ClassLoader.getSystemClassLoader());
            return new FlightEvents();
        } catch (ClassNotFoundException | LinkageError e) {
            return null; // nobody can record, so that nothing is lost
        }
    }

    static @Nullable Object blocking() {
        return EVENTS == null ? null : EVENTS.blocking();
    }

    static void blocked(@Nullable Object begun, String operation, Object on) {
        if (EVENTS != null && begun != null) {
            EVENTS.blocked(begun, operation, on);
        }
    }

    static void retaken(String scheduler, String to, boolean lent) {
        if (EVENTS != null) {
            EVENTS.retaken(scheduler, to, lent);
        }
    }

    static void delayed(Lane lane, long nanos) {
        if (EVENTS != null && nanos >= DELAY_NANOS) {
            EVENTS.delayed(lane, nanos);
        }
    }
}
