package dev.weir.runtime.pattern;

import dev.weir.runtime.Context;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/// A stage of a [Pipeline]: what is done with each element, by how many workers, in which order.
///
/// **Order.** With one worker, what comes out is in the order of what came in. With several:
///
/// - as they finish, which is the cheapest and the default;
/// - [#ordered()]: in the order of the input; a slow element holds back what comes after it;
/// - [#partitionedBy(Function)]: elements of the same key go to the same worker and stay in order
/// among themselves; a key that has most of the elements has one worker all the same, and a worker
/// whose queue is full holds back the others.
///
/// **Batches.** A worker takes what is there, up to a batch, and hands on its results together.
/// With several workers it takes no more than its share of the queue. Where an element takes long,
/// such as a call over the network, say `batch(1)`: elsewhere batches are several times cheaper.
///
/// **Bound.** In front of a stage wait up to `capacity` elements, and each worker has up to a batch
/// more; an ordered stage has up to two batches for each worker that wait for their turn.
///
/// A stage is a value: each method returns a new one, and a stage may be part of many pipelines.
///
/// @param <A> the type of what comes in
/// @param <B> the type of what goes out
public final class Stage<A, B> {
    static final int BATCH = 64;

    /// What is done with an element.
    ///
    /// @param <A> the type of what comes in
    /// @param <B> the type of what goes out
    @FunctionalInterface
    public interface Step<A, B> {
        /// Makes one of the other; may block, for as long as the context is not done. What it
        /// throws ends the pipeline.
        B apply(Context context, A element) throws Exception;
    }

    /// What is done with what has come in; may block, and throw, as a step may.
    ///
    /// @param <A> the type of what comes in
    /// @param <B> the type of what goes out
    @FunctionalInterface
    public interface BatchStep<A, B> {
        /// Makes some of the others; may block, for as long as the context is not done. The list is
        /// not empty, belongs to the step for the duration of the call, and must not be returned.
        Collection<? extends B> apply(Context context, List<A> batch) throws Exception;
    }

    /// In which order results go on.
    sealed interface Order<A> {
        record Finished<A>() implements Order<A> {}

        record Input<A>() implements Order<A> {}

        record Key<A>(Function<? super A, ?> key) implements Order<A> {}
    }

    // set once
    final String name;
    final BatchStep<A, B> step;
    final Order<A> order;
    final int workers;
    final int capacity;
    final int batch;

    private Stage(String name, BatchStep<A, B> step, Order<A> order, int workers, int capacity, int batch) {
        this.name = Objects.requireNonNull(name, "name");
        this.step = step;
        this.order = order;
        this.workers = checked("workers", workers, 1024);
        this.capacity = checked("capacity", capacity, 1 << 20);
        this.batch = checked("batch", batch, 1024);
    }

    private int checked(String what, int number, int most) {
        if (number < 1 || number > most) {
            throw new IllegalArgumentException(
                    what + " of stage " + name + " must be 1 to " + most + ", but was " + number);
        }
        return number;
    }

    /// A stage that makes one element of each; one worker, and room for 128.
    ///
    /// @param <A> the type of what comes in
    /// @param <B> the type of what goes out
    public static <A, B> Stage<A, B> map(String name, Step<? super A, ? extends B> step) {
        Objects.requireNonNull(step, "step");
        return batches(name, (context, batch) -> {
            var results = new ArrayList<B>(batch.size());
            for (var element : batch) {
                results.add(step.apply(context, element));
            }
            return results;
        });
    }

    /// A stage that makes any number of elements of each.
    ///
    /// @param <A> the type of what comes in
    /// @param <B> the type of what goes out
    public static <A, B> Stage<A, B> flatMap(String name, Step<? super A, ? extends Collection<? extends B>> step) {
        Objects.requireNonNull(step, "step");
        return batches(name, (context, batch) -> {
            var results = new ArrayList<B>();
            for (var element : batch) {
                results.addAll(step.apply(context, element));
            }
            return results;
        });
    }

    /// A stage that lets some elements through.
    ///
    /// @param <A> the type of the elements
    public static <A> Stage<A, A> filter(String name, Predicate<? super A> test) {
        Objects.requireNonNull(test, "test");
        return batches(name, (_, batch) -> batch.stream().filter(test).toList());
    }

    /// A stage that makes what it will of what has come: for work that is cheaper for many at once.
    ///
    /// @param <A> the type of what comes in
    /// @param <B> the type of what goes out
    public static <A, B> Stage<A, B> batches(String name, BatchStep<A, B> step) {
        return new Stage<>(name, Objects.requireNonNull(step, "step"), new Order.Finished<>(), 1, 128, BATCH);
    }

    /// This stage with `workers` workers, 1 to 1024.
    ///
    /// @throws IllegalArgumentException if it is fewer or more
    public Stage<A, B> workers(int workers) {
        return new Stage<>(name, step, order, workers, capacity, batch);
    }

    /// This stage with room for `capacity` elements in front of it, 1 to 1,048,576. Where elements
    /// are partitioned, each of the workers has its part of that besides.
    ///
    /// @throws IllegalArgumentException if it is less or more
    public Stage<A, B> capacity(int capacity) {
        return new Stage<>(name, step, order, workers, capacity, batch);
    }

    /// This stage with workers that take up to `most` elements at once, 1 to 1024; 64 if this is
    /// not called.
    ///
    /// @throws IllegalArgumentException if it is fewer or more
    public Stage<A, B> batch(int most) {
        return new Stage<>(name, step, order, workers, capacity, most);
    }

    /// This stage with results in the order of the input.
    public Stage<A, B> ordered() {
        return new Stage<>(name, step, new Order.Input<>(), workers, capacity, batch);
    }

    /// This stage with results in the order of the input for each key.
    ///
    /// @param key finds the key, which has `equals` and `hashCode`; what it throws ends the
    ///     pipeline
    public Stage<A, B> partitionedBy(Function<? super A, ?> key) {
        return new Stage<>(name, step, new Order.Key<A>(Objects.requireNonNull(key, "key")), workers, capacity, batch);
    }

    @Override
    public String toString() {
        return "Stage(" + name + ")";
    }
}
