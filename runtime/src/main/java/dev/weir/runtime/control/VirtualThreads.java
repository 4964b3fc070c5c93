package dev.weir.runtime.control;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The two doors of the JDK through which virtual threads run on a scheduler of one's own: they are
/// there in JDK 25, closed unless `java.base/java.lang` is opened to this module.
public final class VirtualThreads {
    /// `Thread newVirtualThread(Executor, String, int, Runnable)`, or null.
    private static final @Nullable MethodHandle MAKE;

    /// `Thread currentCarrierThread()`, or null.
    private static final @Nullable MethodHandle CARRIER;

    /// `Executor scheduler` of a virtual thread, or null.
    private static final @Nullable MethodHandle SCHEDULER;

    private static final boolean ASKED_FOR = "jdk".equals(System.getProperty("weir.scheduler"));

    /// Why they are not used, and what to do about it; empty if they are.
    public static final String CLOSED;

    static {
        MethodHandle make = null;
        MethodHandle carrier = null;
        MethodHandle scheduler = null;
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
            Class<?> type = Class.forName("java.lang.VirtualThread");
            scheduler = MethodHandles.privateLookupIn(type, MethodHandles.lookup())
                    .findGetter(type, "scheduler", Executor.class)
                    .asType(MethodType.methodType(Executor.class, Thread.class));
        } catch (ReflectiveOperationException | RuntimeException e) {
            closed = e + "; start the JVM with --add-opens java.base/java.lang=ALL-UNNAMED";
        }
        MAKE = make;
        CARRIER = carrier;
        SCHEDULER = scheduler;
        CLOSED = closed;
    }

    private static final AtomicBoolean TOLD = new AtomicBoolean();

    private VirtualThreads() {}

    /// Says once in the log that all schedulers are the JDK's, and what to do about it.
    public static void tellThatTheyAreClosed() {
        if (TOLD.compareAndSet(false, true)) {
            System.getLogger("dev.weir.runtime.Scheduler")
                    .log(
                            ASKED_FOR ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                            "virtual threads run on the JDK''s scheduler: {0}",
                            CLOSED);
        }
    }

    /// Whether virtual threads can be made for a scheduler of one's own in this JVM.
    public static boolean areOpen() {
        return CLOSED.isEmpty();
    }

    /// A virtual thread, not started, whose every turn is given to `scheduler`.
    ///
    /// `scheduler` is called by whoever starts or wakes the thread, which may be any thread and may
    /// be in the middle of the JDK's own work: it must neither block nor throw.
    ///
    /// @throws IllegalStateException if that is closed in this JVM
    public static Thread make(Executor scheduler, @Nullable String name, Runnable task) {
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
    ///
    /// @throws IllegalStateException if that is closed in this JVM
    public static Thread carrier() {
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

    /// What a virtual thread gives its turns to; null where the JDK does not tell.
    public static @Nullable Executor schedulerOf(Thread thread) {
        MethodHandle scheduler = SCHEDULER;
        if (scheduler == null || !thread.isVirtual()) {
            return null;
        }
        try {
            return (Executor) scheduler.invokeExact(thread);
        } catch (Throwable e) {
            throw wrapped(e);
        }
    }

    /// The thread that a turn given to a scheduler belongs to; null where the JDK does not tell. A
    /// thread gives the same object for each of its turns. Too slow for every turn.
    public static @Nullable Thread threadOf(Runnable turn) {
        for (Field field : turn.getClass().getDeclaredFields()) {
            if (Thread.class.isAssignableFrom(field.getType())) {
                try {
                    field.setAccessible(true);
                    return (Thread) field.get(turn);
                } catch (ReflectiveOperationException | RuntimeException e) {
                    return null; // a later JDK may make its turns of something else
                }
            }
        }
        return null;
    }

    private static RuntimeException wrapped(Throwable thrown) {
        return switch (thrown) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            default -> new IllegalStateException(thrown);
        };
    }
}
