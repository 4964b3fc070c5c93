package dev.weir.runtime.inspect;

import dev.weir.runtime.Running;
import java.util.Optional;

/// Waits of tests.
final class Seen {
    private Seen() {}

    /// The thread of that name, when it waits.
    static ThreadSnapshot waiting(String name) {
        return found(name, Activity.WAITING);
    }

    static ThreadSnapshot sleeping(String name) {
        return found(name, Activity.SLEEPING);
    }

    private static ThreadSnapshot found(String name, Activity activity) {
        Running.until(
                () -> find(name).filter(thread -> thread.activity() == activity).isPresent());
        return named(name);
    }

    /// The thread of that name, which must live.
    static ThreadSnapshot named(String name) {
        return find(name).orElseThrow(() -> new AssertionError("there is no thread " + name));
    }

    static boolean lives(String name) {
        return find(name).isPresent();
    }

    private static Optional<ThreadSnapshot> find(String name) {
        return Dump.take().threads().stream()
                .filter(thread -> thread.name().equals(name))
                .findFirst();
    }
}
