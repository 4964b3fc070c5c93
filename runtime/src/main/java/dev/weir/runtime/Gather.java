package dev.weir.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Runs tasks in virtual threads and gives what became of each, value or failure, in the order in
/// which they were started. Unlike in a [Group], a failure ends nothing: all tasks run.
///
/// {@snippet file="ExamplesTest.java" region="gather"}
///
/// It keeps the outcome of every task, so whoever starts them bounds their number. Used once. Any
/// thread may call any method, but a task that awaits its own gather waits for itself.
///
/// @param <T> the type of the values
public final class Gather<T extends @Nullable Object> implements AutoCloseable {
    private static final int MAX_SUPPRESSED = 32;

    private final String name;
    private final CancellableContext context;
    private final Crew crew;
    /// By the task's number.
    private final ConcurrentSkipListMap<Long, Outcome<T>> outcomes = new ConcurrentSkipListMap<>();

    private Gather(Context parent, String name) {
        this.name = Objects.requireNonNull(name, "name");
        this.context = parent.withCancel();
        this.crew = new Crew(this, "gather", name);
    }

    /// A gather whose context is a child of `parent`.
    ///
    /// @param <T> the type of the values
    /// @param name names the threads, which are `name-1`, `name-2` and so on
    public static <T extends @Nullable Object> Gather<T> of(Context parent, String name) {
        return new Gather<>(parent, name);
    }

    /// The context for the tasks: done when [#await()] returns, when the gather is closed, or with
    /// the parent.
    public Context context() {
        return context;
    }

    /// Lets at most `tasks` tasks run at the same time; without this there is no limit.
    ///
    /// @param tasks 0 lets none run
    /// @return this gather
    /// @throws IllegalArgumentException if `tasks` is negative
    /// @throws IllegalStateException if a task has been started already
    public Gather<T> limit(int tasks) {
        crew.limit(tasks);
        return this;
    }

    /// Starts a task; waits while as many run as the limit allows, even if the context is done
    /// meanwhile.
    ///
    /// @throws IllegalStateException if the gather has ended
    /// @throws InterruptedException if the thread is interrupted while it waits; the task was not
    ///     started
    public void go(Callable<? extends T> task) throws InterruptedException {
        crew.go(null, task, numbered(task));
    }

    /// Starts a task as [#go(Callable)] does, for as long as `context` is not done.
    ///
    /// @throws ContextException if the context is done before there was room; the task was not
    ///     started
    /// @throws IllegalStateException if the gather has ended
    /// @throws InterruptedException if the thread is interrupted while it waits; the task was not
    ///     started
    public void go(Context context, Callable<? extends T> task) throws InterruptedException {
        crew.go(Objects.requireNonNull(context, "context"), task, numbered(task));
    }

    /// Starts a task unless as many run as the limit allows or others wait for that. Never blocks.
    ///
    /// @return whether the task was started
    /// @throws IllegalStateException if the gather has ended
    public boolean tryGo(Callable<? extends T> task) {
        return crew.tryGo(task, numbered(task));
    }

    /// Waits until all tasks have ended, and then ends the gather: its context is cancelled and no
    /// task can be started any more. May be called repeatedly, with the same outcome.
    ///
    /// @return what became of the tasks, in the order in which they were started
    /// @throws InterruptedException if the thread is interrupted while it waits; the tasks go on
    ///     and the gather can be awaited again
    public List<Outcome<T>> await() throws InterruptedException {
        crew.await();
        context.cancel();
        return List.copyOf(outcomes.values());
    }

    /// Waits as [#await()] does, for as long as `context` is not done.
    ///
    /// @return what became of the tasks, in the order in which they were started
    /// @throws ContextException if the context is done before; the tasks go on and the gather can
    ///     be awaited again
    /// @throws InterruptedException if the thread is interrupted while it waits; the same holds
    public List<Outcome<T>> await(Context context) throws InterruptedException {
        context.throwIfDone();
        if (!crew.await(context)) {
            context.throwIfDone();
        }
        return await();
    }

    /// Waits as [#await()] does, for the case that every task must have succeeded.
    ///
    /// @return the values, in the order in which the tasks were started
    /// @throws TaskFailedException if a task has failed: the cause is the failure of the first one
    ///     in that order, and those of up to 32 more are suppressed exceptions
    /// @throws InterruptedException if the thread is interrupted while it waits; the tasks go on
    ///     and the gather can be awaited again
    public List<T> awaitValues() throws InterruptedException {
        var values = new ArrayList<T>();
        var failures = new ArrayList<TaskFailedException>();
        int number = 0;
        for (var outcome : await()) {
            number++;
            switch (outcome) {
                case Outcome.Success<T>(T value) -> values.add(value);
                case Outcome.Failure<T>(Throwable thrown) ->
                    failures.add(new TaskFailedException("task " + name + "-" + number + " failed: " + thrown, thrown));
            }
        }
        if (failures.isEmpty()) {
            return values;
        }
        var first = failures.getFirst();
        failures.stream().skip(1).limit(MAX_SUPPRESSED).forEach(later -> first.addSuppressed(later.getCause()));
        throw first;
    }

    /// Cancels the context and waits until all tasks have ended, for the case that [#await()] was
    /// not reached. An interrupt does not end the wait, since no task may outlive its gather; it
    /// is kept for the caller.
    @Override
    public void close() {
        context.cancel();
        crew.awaitUninterruptibly();
    }

    private LongFunction<Runnable> numbered(Callable<? extends T> task) {
        Objects.requireNonNull(task, "task");
        return number -> () -> outcomes.put(number, outcomeOf(task));
    }

    // Whatever a task throws is its outcome, errors included.
    @SuppressWarnings("CatchingUnchecked")
    private Outcome<T> outcomeOf(Callable<? extends T> task) {
        try {
            return new Outcome.Success<>(task.call());
        } catch (Throwable thrown) {
            Crew.reportError(thrown);
            return new Outcome.Failure<>(thrown);
        }
    }

    long crew() {
        return crew.id();
    }

    @Override
    public String toString() {
        return "Gather(" + name + ")";
    }
}
