package dev.weir.runtime.inspect;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits of tests.
final class Seen {
    private Seen() {}

    /// Waits until a condition holds; the test's timeout interrupts it.
    @SuppressWarnings("ThreadPriorityCheck") // polls
    static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting for a condition");
            }
            Thread.yield();
        }
    }

    /// The thread of that name, when it waits.
    static ThreadSnapshot waiting(String name) {
        return found(() -> named(name), Activity.WAITING);
    }

    static ThreadSnapshot sleeping(String name) {
        return found(() -> named(name), Activity.SLEEPING);
    }

    private static ThreadSnapshot found(Supplier<ThreadSnapshot> look, Activity activity) {
        until(() -> look.get().activity() == activity);
        return look.get();
    }

    /// The thread of that name, which must live.
    static ThreadSnapshot named(String name) {
        return Dump.take().threads().stream()
                .filter(thread -> thread.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no thread " + name));
    }

    static boolean lives(String name) {
        return Dump.take().threads().stream().anyMatch(thread -> thread.name().equals(name));
    }
}
