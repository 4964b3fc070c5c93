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

    SupervisorSpec {
        children = List.copyOf(children);
        deadlines = Map.copyOf(deadlines);
    }

    boolean isLimited() {
        return restarts != UNLIMITED;
    }
}
