package dev.weir.engine.flow;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Lane;
import dev.weir.runtime.ReceiveOnClosedException;
import dev.weir.runtime.SendOnClosedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Sends barriers through a flow: to close windows when an input has ended or somebody asks, and
/// to wait until everything handed over is processed. One virtual thread does it all, so that all
/// partitions see barriers in the same order.
final class Finisher {
    private static final int TASKS = 64;

    private final List<Pipeline> pipelines;
    private final List<Outlet> outlets;
    private final Commands commands;
    private final Channel<Task> tasks = Channel.bounded(TASKS);
    private final Crew crew;
    private final Halt halt = new Halt();
    private final Map<String, CompletableFuture<Void>> finished = new HashMap<>();

    // guarded by this
    private final Set<String> ended = new HashSet<>();

    /// @param scope the pipelines that the barriers go through, from left to right
    /// @param closing those of them whose windows are to be closed
    /// @param done told when also the sinks and actuators are through
    private record Task(List<Pipeline> scope, List<Pipeline> closing, CompletableFuture<Void> done) {}

    /// @param pipelines from left to right
    Finisher(List<Pipeline> pipelines, Collection<Outlet> outlets, FlowParts parts, Vigilance vigilance) {
        this.pipelines = pipelines;
        this.outlets = List.copyOf(outlets);
        this.commands = parts.commands();
        // Without heartbeats: all that it does is to wait for workers, which have them.
        this.crew =
                new Crew("weir-finisher", "finisher", Lane.SAMPLE, parts.meters(), vigilance, java.time.Duration.ZERO);
        crew.add((_, _) -> run());
        pipelines.forEach(pipeline -> finished.put(pipeline.name(), new CompletableFuture<>()));
    }

    void start() {
        crew.start();
    }

    private @Nullable Pipeline find(String name) {
        return pipelines.stream()
                .filter(pipeline -> pipeline.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    CompletableFuture<Void> closeWindows(String name) {
        Pipeline pipeline = find(name);
        return pipeline == null
                ? CompletableFuture.failedFuture(new IllegalArgumentException("pipeline '" + name + "' does not exist"))
                : submit(behind(List.of(pipeline)), List.of(pipeline));
    }

    CompletableFuture<Void> closeWindows() {
        return submit(pipelines, pipelines);
    }

    CompletableFuture<Void> flush() {
        return submit(pipelines, List.of());
    }

    CompletableFuture<Void> finished(String name) {
        CompletableFuture<Void> future = finished.get(name);
        if (future == null) {
            throw new IllegalArgumentException("pipeline '" + name + "' does not exist");
        }
        return future.copy();
    }

    /// A source has no more messages: closes the windows of the pipelines that now get nothing
    /// more, also those behind other pipelines.
    void inputFinished(String source) {
        List<Pipeline> closing = new ArrayList<>();
        synchronized (this) {
            ended.add(source);
            for (Pipeline pipeline : pipelines) {
                if (!ended.contains(pipeline.name())
                        && ended.containsAll(pipeline.plan().from())) {
                    pipeline.streams().forEach(stream -> ended.add(stream.name()));
                    closing.add(pipeline);
                }
            }
        }
        if (closing.isEmpty()) {
            return;
        }
        CompletableFuture<Void> _ = submit(behind(closing), closing).whenComplete((_, failure) -> {
            for (Pipeline pipeline : closing) {
                CompletableFuture<Void> future = Objects.requireNonNull(finished.get(pipeline.name()));
                if (failure == null) {
                    future.complete(null);
                } else {
                    future.completeExceptionally(failure);
                }
            }
        });
    }

    /// These pipelines and all that take readings from them, from left to right.
    private List<Pipeline> behind(List<Pipeline> first) {
        List<Pipeline> scope = new ArrayList<>();
        Set<String> streams = new HashSet<>();
        for (Pipeline pipeline : pipelines) {
            if (first.contains(pipeline) || pipeline.plan().from().stream().anyMatch(streams::contains)) {
                scope.add(pipeline);
                pipeline.streams().forEach(stream -> streams.add(stream.name()));
            }
        }
        return scope;
    }

    private CompletableFuture<Void> submit(List<Pipeline> scope, List<Pipeline> closing) {
        var done = new CompletableFuture<Void>();
        try {
            if (!tasks.trySend(new Task(scope, closing, done))) {
                done.completeExceptionally(
                        new IllegalStateException(TASKS + " requests to close windows or flush are waiting already"));
            }
        } catch (SendOnClosedException e) {
            done.completeExceptionally(closed());
        }
        return done;
    }

    private static IllegalStateException closed() {
        return new IllegalStateException("the flow is closed");
    }

    private void run() {
        while (true) {
            try {
                perform(tasks.receive());
            } catch (ReceiveOnClosedException e) {
                return;
            } catch (InterruptedException e) {
                if (halt.isCalled()) {
                    abandon();
                    return;
                }
            }
        }
    }

    private void perform(Task task) throws InterruptedException {
        try {
            for (Pipeline pipeline : task.scope()) {
                boolean closing = task.closing().contains(pipeline);
                for (Segment segment : pipeline.segments()) {
                    pass(segment.inboxes(), closing);
                }
            }
            for (Outlet outlet : outlets) {
                if (task.scope().stream()
                        .anyMatch(pipeline ->
                                pipeline.plan().to().contains(outlet.plan().name()))) {
                    pass(outlet.inboxes(), false);
                }
            }
            commands.flush();
            task.done().complete(null);
        } catch (CompletionException e) {
            task.done().completeExceptionally(closed());
        } catch (InterruptedException e) {
            task.done().completeExceptionally(closed());
            throw e;
        }
    }

    private static void pass(List<? extends Inbox<?>> inboxes, boolean closing) throws InterruptedException {
        var barrier = new Barrier(inboxes.size(), closing);
        boolean passed = false;
        try {
            for (Inbox<?> inbox : inboxes) {
                if (!inbox.put(barrier)) {
                    throw new CompletionException(closed());
                }
            }
            passed = barrier.await();
        } finally {
            if (!passed) {
                barrier.abandon();
            }
        }
        if (!passed) {
            throw new CompletionException(closed());
        }
    }

    /// Ends the thread; what is under way fails.
    void close() throws InterruptedException {
        tasks.closeIfOpen();
        halt.call();
        crew.stop();
        abandon();
    }

    private void abandon() {
        try {
            for (Task task = tasks.tryReceive(); task != null; task = tasks.tryReceive()) {
                task.done().completeExceptionally(closed());
            }
        } catch (ReceiveOnClosedException e) {
            // the end of it
        }
    }
}
