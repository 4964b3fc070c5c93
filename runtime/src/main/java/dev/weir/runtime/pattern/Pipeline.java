package dev.weir.runtime.pattern;

import dev.weir.runtime.Channel;
import dev.weir.runtime.Context;
import dev.weir.runtime.ContextException;
import dev.weir.runtime.Group;
import dev.weir.runtime.ReceiveChannel;
import dev.weir.runtime.SendChannel;
import dev.weir.runtime.TaskFailedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Stages that work at the same time, joined by bounded channels: the slowest one sets the pace,
/// and those before it wait.
///
/// {@snippet file="pattern/PatternExamplesTest.java" region="stages"}
///
/// Use it where steps wait for different things, or where one step needs more workers than the
/// rest. Not for steps that only compute and are short: a function that calls the next one does
/// the same without a queue between them, and is faster. A stage costs a thread for each worker,
/// its queue, and for each element a few tens of nanoseconds in batches, a few hundred alone; an
/// ordered or partitioned one has one or two threads more, and hands each batch over twice.
///
/// **The end.** When the source ends, the stages end one after the other, when they have done what
/// there is. The first failure, or the end of the context, cancels the context of all; then
/// elements on their way are gone, as with any failure in the middle of a loop: where they count,
/// keep them at the source until the sink has them. [#close()] waits for all threads. They are not
/// interrupted.
///
/// All methods may be called by any thread.
public final class Pipeline implements AutoCloseable {
    private final String name;
    private final Context parent;
    private final Group group;
    private final List<StageRun<?, ?>> runs;

    private Pipeline(String name, Context parent, Group group, List<StageRun<?, ?>> runs) {
        this.name = name;
        this.parent = parent;
        this.group = group;
        this.runs = List.copyOf(runs);
    }

    /// Where the elements come from.
    ///
    /// @param <T> the type of the elements
    @FunctionalInterface
    public interface Source<T> {
        /// Sends all elements, for as long as the context is not done, and does not close the
        /// channel. What it throws ends the pipeline.
        void sendAll(Context context, SendChannel<T> out) throws Exception;
    }

    /// What is done with an element at the end.
    ///
    /// @param <T> the type of the elements
    @FunctionalInterface
    public interface Sink<T> {
        /// Takes it; may block, for as long as the context is not done. What it throws ends the
        /// pipeline.
        void accept(Context context, T element) throws Exception;
    }

    /// A pipeline that takes its elements from a channel, until it is closed.
    ///
    /// @param <T> the type of the elements
    /// @param name begins the names of the threads, and is part of messages
    public static <T> Plan<T> from(String name, ReceiveChannel<T> source) {
        Objects.requireNonNull(source, "source");
        return new Plan<>(Objects.requireNonNull(name, "name"), (_, _) -> source, List.of());
    }

    /// A pipeline with a source that runs in a thread of its own.
    ///
    /// @param <T> the type of the elements
    /// @param name begins the names of the threads, and is part of messages
    public static <T> Plan<T> from(String name, Source<T> source) {
        Objects.requireNonNull(source, "source");
        return new Plan<>(
                Objects.requireNonNull(name, "name"), (group, capacity) -> started(group, capacity, source), List.of());
    }

    private static <T> ReceiveChannel<T> started(Group group, int capacity, Source<T> source)
            throws InterruptedException {
        Channel<T> out = Channel.bounded(capacity);
        // For a source that sends without the context: it must not wait for ever where nobody receives.
        group.context().afterFunc(out::closeIfOpen);
        group.go(() -> {
            source.sendAll(group.context(), out);
            out.closeIfOpen();
        });
        return out;
    }

    /// Makes the first channel.
    @FunctionalInterface
    private interface Opening {
        ReceiveChannel<?> open(Group group, int capacity) throws InterruptedException;
    }

    /// A pipeline that is not yet whole: what comes out of it so far. A value, as a stage is.
    ///
    /// @param <T> the type of what comes out
    public static final class Plan<T> {
        private final String name;
        private final Opening opening;
        private final List<Stage<?, ?>> stages;

        private Plan(String name, Opening opening, List<Stage<?, ?>> stages) {
            this.name = name;
            this.opening = opening;
            this.stages = stages;
        }

        /// Adds a stage.
        ///
        /// @param <B> the type of what comes out of it
        public <B> Plan<B> then(Stage<? super T, B> stage) {
            var longer = new ArrayList<>(stages);
            longer.add(Objects.requireNonNull(stage, "stage"));
            return new Plan<>(name, opening, List.copyOf(longer));
        }

        /// Starts the pipeline, with a last stage of one worker that hands each element to `sink`.
        ///
        /// @param parent ends the pipeline when it is done
        /// @throws InterruptedException if the thread is interrupted; nothing runs then
        public Pipeline start(Context parent, Sink<? super T> sink) throws InterruptedException {
            Objects.requireNonNull(sink, "sink");
            Stage<T, Void> last = Stage.batches("sink", (context, batch) -> {
                for (var element : batch) {
                    sink.accept(context, element);
                }
                return List.of();
            });
            Channel<Void> nothing = Channel.unbuffered();
            return then(last).launch(parent, nothing);
        }

        /// Starts the pipeline and lets the last stage send into `out`, which is closed at the end
        /// of the source, of the context, or after a failure: [Pipeline#await()] tells which.
        ///
        /// @param parent ends the pipeline when it is done
        /// @throws IllegalStateException if there is no stage
        /// @throws InterruptedException if the thread is interrupted; nothing runs then
        public Pipeline into(Context parent, SendChannel<? super T> out) throws InterruptedException {
            if (stages.isEmpty()) {
                throw new IllegalStateException("pipeline " + name + " has no stage between source and channel");
            }
            return launch(parent, Objects.requireNonNull(out, "out"));
        }

        private Pipeline launch(Context parent, SendChannel<?> out) throws InterruptedException {
            var group = Group.of(parent, name);
            boolean started = false;
            try {
                var runs = new ArrayList<StageRun<?, ?>>();
                ReceiveChannel<?> in = opening.open(group, stages.getFirst().capacity);
                for (int i = 0; i < stages.size(); i++) {
                    boolean isLast = i == stages.size() - 1;
                    Channel<Object> between = isLast ? Channel.never() : Channel.bounded(stages.get(i + 1).capacity);
                    var run = joined(stages.get(i), in, isLast ? out : between, group);
                    run.start();
                    runs.add(run);
                    in = between;
                }
                group.context().afterFunc(out::closeIfOpen);
                started = true;
                return new Pipeline(name, parent, group, runs);
            } finally {
                if (!started) {
                    group.close();
                }
            }
        }

        // The types of neighbours fit, because `then` was given them so.
        @SuppressWarnings("unchecked")
        private static StageRun<Object, Object> joined(
                Stage<?, ?> stage, ReceiveChannel<?> in, SendChannel<?> out, Group group) {
            return new StageRun<>(
                    (Stage<Object, Object>) stage, (ReceiveChannel<Object>) in, (SendChannel<Object>) out, group);
        }
    }

    /// Waits until all stages have ended. May be called repeatedly, with the same outcome.
    ///
    /// @throws TaskFailedException if a stage has failed: the message names it, the cause is what
    ///     was thrown, and later failures are suppressed exceptions of that
    /// @throws ContextException if the context of the pipeline is done before the end
    /// @throws InterruptedException if the thread is interrupted while it waits; the pipeline goes
    ///     on
    public void await() throws InterruptedException {
        try {
            group.await();
        } catch (TaskFailedException failed) {
            if (failed.getCause() instanceof ContextException) {
                parent.throwIfDone();
            }
            throw failed;
        }
    }

    /// The counters of the stages, in order; the last one is `sink` if the pipeline has one.
    public List<StageStats> stats() {
        var stats = new ArrayList<StageStats>();
        runs.forEach(run -> stats.add(run.stats()));
        return List.copyOf(stats);
    }

    /// Cancels the context of the stages and waits until all have ended, for the case that
    /// [#await()] was not reached. An interrupt does not end the wait; it is kept for the caller.
    @Override
    public void close() {
        group.close();
    }

    @Override
    public String toString() {
        return "Pipeline(" + name + ", " + runs.size() + " stages)";
    }
}
