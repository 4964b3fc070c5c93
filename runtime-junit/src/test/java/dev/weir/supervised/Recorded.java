package dev.weir.supervised;

import dev.weir.runtime.junit.Bubble;
import dev.weir.runtime.supervise.Supervisor;
import dev.weir.runtime.supervise.SupervisorEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// What a supervisor tells, each with the time since the beginning of the bubble.
final class Recorded implements Consumer<SupervisorEvent> {
    private record At(Duration time, SupervisorEvent event) {}

    private final Instant begin = Bubble.now();
    private final List<At> all = new CopyOnWriteArrayList<>();

    @Override
    public void accept(SupervisorEvent event) {
        all.add(new At(Duration.between(begin, Bubble.now()), event));
    }

    /// When events of a kind came, in milliseconds.
    List<Long> millisOf(Class<? extends SupervisorEvent> kind) {
        return all.stream()
                .filter(at -> kind.isInstance(at.event))
                .map(at -> at.time.toMillis())
                .toList();
    }

    <E extends SupervisorEvent> List<E> of(Class<E> kind) {
        return all.stream()
                .map(At::event)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /// The events of some kinds, as `Kind child`, in their order.
    List<String> order(Class<?>... kinds) {
        return all.stream()
                .map(At::event)
                .filter(event -> Arrays.asList(kinds).contains(event.getClass()))
                .map(event -> event.getClass().getSimpleName() + " " + event.child())
                .toList();
    }

    /// Stops it without a look at the outcome.
    static void stop(Supervisor supervisor) throws InterruptedException {
        supervisor.stop();
    }
}
