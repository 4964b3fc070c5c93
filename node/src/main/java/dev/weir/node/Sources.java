package dev.weir.node;

import dev.weir.engine.Inlet;
import dev.weir.engine.Message;
import dev.weir.engine.Meters;
import dev.weir.engine.Receipt;
import dev.weir.engine.Source;
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
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sources of a running node. Each has a thread that watches over it: when a source says that
/// it works no more, it is closed, and another one, made from the same options, is opened in its
/// place, again and again with growing rests. Its neighbours and the flow do not notice.
///
/// One thread opens and closes; [#state] is for all.
final class Sources {
    private static final Logger LOG = LoggerFactory.getLogger("node");

    /// A source takes some seconds to end its connections.
    private static final Duration DEADLINE = Duration.ofSeconds(12);

    /// Closing one and opening another may take three of these.
    private static final Duration HEARTBEAT = Duration.ofSeconds(20);

    private final Makers makers;
    private final Meters meters;
    private final Supervisor supervisor;

    /// The doors through which those come that are open, or were the last to be.
    private final Map<String, Door> doors = new ConcurrentHashMap<>();

    /// Where sources come from and hand their messages to, by name.
    ///
    /// @param made those that were never open
    /// @param again makes one in place of the one that has failed
    /// @param inlets where messages go
    record Makers(Function<String, Source> made, Function<String, Source> again, Function<String, Inlet> inlets) {}

    /// What one source has of the node: nothing any more, once it was replaced.
    private static final class Door implements Inlet {
        private final Source source;
        private final Inlet inlet;
        private final CompletableFuture<Boolean> failure = new CompletableFuture<>();
        private final AtomicBoolean closing = new AtomicBoolean();
        private volatile boolean shut;

        Door(Source source, Inlet inlet) {
            this.source = source;
            this.inlet = inlet;
        }

        @Override
        public void accept(Message message, Ack ack) throws InterruptedException {
            if (shut) {
                turnAway(ack);
            } else {
                inlet.accept(message, ack);
            }
        }

        @Override
        public void accept(Message message, Ack ack, Duration patience) throws InterruptedException {
            if (shut) {
                turnAway(ack);
            } else {
                inlet.accept(message, ack, patience);
            }
        }

        private void turnAway(Ack ack) {
            inlet.rejected("closed");
            ack.settle(Receipt.OVERLOADED);
        }

        @Override
        public void rejected(String reason) {
            inlet.rejected(reason);
        }

        @Override
        public void finished() {
            inlet.finished();
        }

        @Override
        public void failed(Throwable cause) {
            failure.completeExceptionally(cause);
        }
    }

    Sources(Makers makers, Meters meters, Vigilance vigilance) {
        this.makers = makers;
        this.meters = meters;
        this.supervisor = Supervisor.named("source")
                .backoff(vigilance.rests())
                .deadline(DEADLINE)
                .listener(this::happened)
                .build();
        supervisor.start(Context.background());
    }

    /// Opens a source for the first time, and watches over it from then on.
    ///
    /// @throws IOException if it cannot be opened
    void open(String name) throws IOException, InterruptedException {
        open(name, makers.made.apply(name));
        supervisor.add(Child.named(name, child -> keep(name, child))
                .expected(IOException.class::isInstance)
                .heartbeat(HEARTBEAT));
    }

    private void open(String name, Source source) throws IOException, InterruptedException {
        Door door = new Door(source, makers.inlets.apply(name));
        doors.put(name, door);
        source.open(door);
        LOG.atInfo().addKeyValue("source", name).log("source listens");
    }

    /// Returns when the source has to end, and throws what it has failed with.
    private void keep(String name, ChildContext child) throws Exception {
        try {
            if (child.restarts() > 0) {
                open(name, makers.again.apply(name));
            }
            awaitEnd(Objects.requireNonNull(doors.get(name)), child);
        } finally {
            shut(name);
        }
    }

    private static void awaitEnd(Door door, ChildContext child) throws Exception {
        child.rest();
        var end = child.context().afterFunc(() -> door.failure.complete(true));
        try {
            boolean _ = door.failure.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            end.stop();
            child.beat();
        }
    }

    private void shut(String name) {
        Door door = doors.get(name);
        // One whose close hangs is left to who called it first.
        if (door != null && door.closing.compareAndSet(false, true)) {
            door.source.close();
            door.shut = true;
        }
    }

    private void happened(SupervisorEvent event) {
        var counters = new SupervisedMeters(meters, "source " + event.child());
        switch (event) {
            case SupervisorEvent.Started _, SupervisorEvent.Stopped _, SupervisorEvent.Poisoned _ -> {}
            case SupervisorEvent.Restarted _ -> counters.restarts().increment();
            case SupervisorEvent.Failed failed ->
                LOG.atWarn()
                        .addKeyValue("source", event.child())
                        .setCause(
                                failed.failure().expected()
                                        ? null
                                        : failed.failure().thrown())
                        .addKeyValue("reason", failed.failure().text())
                        .log("source has failed, and will be opened again");
            case SupervisorEvent.Hung _ -> counters.hung().increment();
            case SupervisorEvent.Abandoned _ -> counters.abandoned().increment();
            case SupervisorEvent.GaveUp gone ->
                LOG.atError()
                        .addKeyValue("source", event.child())
                        .addKeyValue("reason", gone.why())
                        .log("source is not opened again");
        }
    }

    /// How each of them does.
    List<Supervised> state() {
        return supervisor.children().stream()
                .map(child -> Supervised.of("source " + child.name(), List.of(child)))
                .toList();
    }

    /// Closes all of them at the same time. Waits for twelve seconds at most.
    ///
    /// @return the names of the threads that did not end
    List<String> close() throws InterruptedException {
        List<String> left = supervisor.stop().left().stream()
                .map(ShutdownReport.Left::thread)
                .toList();
        if (left.isEmpty()) {
            // One whose thread was not started yet is still open.
            doors.keySet().forEach(this::shut);
        }
        return left;
    }
}
