package dev.weir.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The two doors of the JDK through which virtual threads run on a scheduler of one's own: they are
/// there in JDK 25, closed unless `java.base/java.lang` is opened to this module.
final class VirtualThreads {
    /// `Thread newVirtualThread(Executor, String, int, Runnable)`, or null.
    private static final @Nullable MethodHandle MAKE;

    /// `Thread currentCarrierThread()`, or null.
    private static final @Nullable MethodHandle CARRIER;

    private static final boolean ASKED_FOR = "jdk".equals(System.getProperty("weir.scheduler"));

    /// Why they are not used, and what to do about it; empty if they are.
    static final String CLOSED;

    static {
        MethodHandle make = null;
        MethodHandle carrier = null;
        String closed = ASKED_FOR ? "-Dweir.scheduler=jdk asks for it" : "";
        try {
            Class<?> builders = Class.forName("java.lang.ThreadBuilders");
            make = MethodHandles.privateLookupIn(builders, MethodHandles.lookup())
                    .findStatic(
                            builders,
                            "newVirtualThread",
                            MethodType.methodType(
                                    Thread.class, Executor.class, String.class, int.class, Runnable.class));
            carrier = MethodHandles.privateLookupIn(Thread.class, MethodHandles.lookup())
                    .findStatic(Thread.class, "currentCarrierThread", MethodType.methodType(Thread.class));
        } catch (ReflectiveOperationException | RuntimeException e) {
            closed = e + "; start the JVM with --add-opens java.base/java.lang=ALL-UNNAMED";
        }
        MAKE = make;
        CARRIER = carrier;
        CLOSED = closed;
    }

    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private VirtualThreads() {}

    /// Says once in the log that all schedulers are the JDK's, and what to do about it.
    static void tellThatTheyAreClosed() {
        if (TOLD.compareAndSet(false, true)) {
            System.getLogger(Scheduler.class.getName())
                    .log(
                            ASKED_FOR ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                            "virtual threads run on the JDK''s scheduler: {0}",
                            CLOSED);
        }
    }

    static boolean areOpen() {
        return CLOSED.isEmpty();
    }

    /// A virtual thread, not started, whose every turn is given to `scheduler`.
    static Thread make(Executor scheduler, @Nullable String name, Runnable task) {
        MethodHandle make = MAKE;
        if (make == null) {
            throw new IllegalStateException(CLOSED);
        }
        try {
            return (Thread) make.invokeExact(scheduler, name, 0, task);
        } catch (Throwable e) {
            throw wrapped(e);
        }
    }

    /// The platform thread that runs the caller.
    static Thread carrier() {
        MethodHandle carrier = CARRIER;
        if (carrier == null) {
            throw new IllegalStateException(CLOSED);
        }
        try {
            return (Thread) carrier.invokeExact();
        } catch (Throwable e) {
            throw wrapped(e);
        }
    }

    private static RuntimeException wrapped(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            default -> new IllegalStateException(thrown);
        };
    }
}
