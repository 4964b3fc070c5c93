package dev.weir.node;

import dev.weir.engine.Meters;
import dev.weir.engine.flow.Supervised;
import dev.weir.engine.flow.SupervisedMeters;
import dev.weir.engine.flow.Vigilance;
import dev.weir.runtime.Context;
import dev.weir.runtime.supervise.Child;
import dev.weir.runtime.supervise.ChildContext;
import dev.weir.runtime.supervise.ShutdownReport;
import dev.weir.runtime.supervise.Supervisor;
import dev.weir.runtime.supervise.SupervisorEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps parts of a node open. Each has a thread that watches over it: when it says that it works
/// no more, it is closed, and another one is opened in its place, again and again with growing
/// rests. Its neighbours do not notice.
///
/// One thread opens and closes; [#state] is for all.
final class Keeper {
    private static final Logger LOG = LoggerFactory.getLogger("node");

    /// Closing one and opening another may take three of these.
    private static final Duration HEARTBEAT = Duration.ofSeconds(20);

    private final String kind;
    private final Meters meters;
    private final Vigilance vigilance;
    private final Supervisor supervisor;

    /// Those that are open, or were the last to be.
    private final Map<String, Opening> openings = new ConcurrentHashMap<>();

    /// Something that is opened once and closed once.
    interface Part {
        /// Opens it.
        ///
        /// @param failed told when it works no more, from any thread
        void open(Consumer<Throwable> failed) throws IOException, InterruptedException;

        /// Closes it, also while it opens.
        void close();
    }

    private record Opening(Part part, CompletableFuture<Boolean> failure, AtomicBoolean closing) {}

    /// @param kind what they are, as people know it: `source`; also the name of the only one of
    ///     its kind
    /// @param closing how long they may take to close, all together
    Keeper(String kind, Meters meters, Vigilance vigilance, Duration closing) {
        this.kind = kind;
        this.meters = meters;
        this.vigilance = vigilance;
        this.supervisor = Supervisor.named(kind)
                .backoff(vigilance.rests())
                .deadline(closing)
                .listener(this::happened)
                .build();
        supervisor.start(Context.background());
    }

    /// Opens a part for the first time, and watches over it from then on.
    ///
    /// @param again makes one in place of one that has failed
    /// @throws IOException if it cannot be opened
    void open(String name, Part first, Supplier<Part> again) throws IOException, InterruptedException {
        open(name, first);
        supervisor.add(Child.named(name, child -> keep(name, again, child))
                .expected(IOException.class::isInstance)
                .freshStart(vigilance.freshStart())
                .heartbeat(HEARTBEAT));
    }

    private void open(String name, Part part) throws IOException, InterruptedException {
        var opening = new Opening(part, new CompletableFuture<>(), new AtomicBoolean());
        openings.put(name, opening);
        part.open(opening.failure::completeExceptionally);
        LOG.atInfo().addKeyValue(kind, name).log(kind + " listens");
    }

    /// Returns when the part has to end, and throws what it has failed with.
    private void keep(String name, Supplier<Part> again, ChildContext child) throws Exception {
        try {
            if (child.restarts() > 0) {
                open(name, again.get());
            }
            awaitEnd(Objects.requireNonNull(openings.get(name)), child);
        } finally {
            shut(name);
        }
    }

    private static void awaitEnd(Opening opening, ChildContext child) throws Exception {
        child.rest();
        var end = child.context().afterFunc(() -> opening.failure.complete(true));
        try {
            boolean _ = opening.failure.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            end.stop();
            child.beat();
        }
    }

    private void shut(String name) {
        Opening opening = openings.get(name);
        // One whose close hangs is left to who called it first.
        if (opening != null && opening.closing.compareAndSet(false, true)) {
            opening.part.close();
        }
    }

    private void happened(SupervisorEvent event) {
        var counters = new SupervisedMeters(meters, title(event.child()));
        switch (event) {
            case SupervisorEvent.Started _, SupervisorEvent.Stopped _, SupervisorEvent.Poisoned _ -> {}
            case SupervisorEvent.Restarted _ -> counters.restarts().increment();
            case SupervisorEvent.Failed failed ->
                LOG.atWarn()
                        .addKeyValue(kind, event.child())
                        .setCause(
                                failed.failure().expected()
                                        ? null
                                        : failed.failure().thrown())
                        .addKeyValue("reason", failed.failure().text())
                        .log(kind + " has failed, and will be opened again");
            case SupervisorEvent.Hung _ -> counters.hung().increment();
            case SupervisorEvent.Abandoned _ -> counters.abandoned().increment();
            case SupervisorEvent.GaveUp gone -> {
                counters.failed().increment();
                LOG.atError()
                        .addKeyValue(kind, event.child())
                        .addKeyValue("reason", gone.why())
                        .addKeyValue("rests", vigilance.freshStart())
                        .log(kind + " is not opened again for long");
            }
        }
    }

    private String title(String name) {
        return name.equals(kind) ? kind : kind + " " + name;
    }

    /// How each of them does.
    List<Supervised> state() {
        return supervisor.children().stream()
                .map(child -> Supervised.of(title(child.name()), List.of(child)))
                .toList();
    }

    /// Closes all of them at the same time.
    ///
    /// @return the names of the threads that did not end
    List<String> close() throws InterruptedException {
        List<String> left = supervisor.stop().left().stream()
                .map(ShutdownReport.Left::thread)
                .toList();
        if (left.isEmpty()) {
            // One whose thread was not started yet is still open.
            openings.keySet().forEach(this::shut);
        }
        return left;
    }
}
