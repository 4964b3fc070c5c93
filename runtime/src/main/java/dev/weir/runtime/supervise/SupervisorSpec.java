package dev.weir.runtime.supervise;

import dev.weir.runtime.Lane;
import dev.weir.runtime.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// How a supervisor is built.
///
/// @param restarts how many there may be in a period; [#UNLIMITED] for any number
record SupervisorSpec(
        String name,
        List<Child> children,
        Strategy strategy,
        Backoff backoff,
        int restarts,
        Duration period,
        Map<Integer, Duration> deadlines,
        Duration deadline,
        Consumer<? super SupervisorEvent> listener,
        Scheduler scheduler,
        Lane lane) {
    static final int UNLIMITED = -1;
    static final int MOST_CHILDREN = 4096;

    SupervisorSpec {
        children = List.copyOf(children);
        deadlines = Map.copyOf(deadlines);
    }

    static String tooMany(String name) {
        return "supervisor " + name + " can have " + MOST_CHILDREN
                + " children at most; put some below supervisors of their own";
    }

    static String twice(String name, String child) {
        return "supervisor " + name + " has two children that are called \"" + child + "\"";
    }

    boolean isLimited() {
        return restarts != UNLIMITED;
    }
}
