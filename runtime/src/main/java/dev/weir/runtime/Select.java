package dev.weir.runtime;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Waits for the first of several channel operations, as Go's `select`.
///
/// Import the factories statically. A handler runs in the calling thread, after its operation is
/// done and without any lock, so it may block, throw, or select again. What it returns is what
/// [#select(Case\[\])] returns; so the cases can map to a sealed type that a `switch` then takes
/// apart, with `break`, `return` and checked exceptions as usual:
///
/// {@snippet file="ExamplesTest.java" region="switch"}
///
/// or do their work on the spot:
///
/// {@snippet file="ExamplesTest.java" region="statements"}
///
/// The same channel may appear any number of times, as may [Channel#never()], whose cases are
/// never chosen. Channels and elements are given once, when a case is made; cases may be used
/// again.
public final class Select {
    private Select() {}

    /// What to do with an element.
    ///
    /// @param <T> the type of the element
    /// @param <R> the type of the result
    @FunctionalInterface
    public interface Handler<T, R extends @Nullable Object> {
        /// Handles the element; may block.
        R handle(T element) throws InterruptedException;
    }

    /// What to do with an element when there is nothing to return.
    ///
    /// @param <T> the type of the element
    @FunctionalInterface
    public interface Consumption<T> {
        /// Handles the element; may block.
        void accept(T element) throws InterruptedException;
    }

    /// What to return when a case is chosen that brings no element.
    ///
    /// @param <R> the type of the result
    @FunctionalInterface
    public interface Reply<R extends @Nullable Object> {
        /// Makes the result; may block.
        R get() throws InterruptedException;
    }

    /// What to do when a case is chosen that brings no element and there is nothing to return.
    @FunctionalInterface
    public interface Action {
        /// Does it; may block.
        void run() throws InterruptedException;
    }

    /// Waits until one of the cases can proceed, runs it, and returns the result of its handler.
    ///
    /// If several can proceed at that instant, one of them is chosen at random, each with the same
    /// probability. If none can: takes [#orElse(Reply)] if there is one, else waits, no longer than
    /// [#timeout(Duration, Reply)] says. With neither cases nor timeout it waits until it is
    /// interrupted.
    ///
    /// @param <R> what the handlers return
    /// @throws SendOnClosedException if a send was chosen whose channel is closed
    /// @throws ReceiveOnClosedException if a receive was chosen whose channel is closed and
    ///     drained, and which does not say what to do then
    /// @throws IllegalArgumentException if there is more than one timeout or more than one default
    /// @throws InterruptedException if the thread is interrupted before or while it waits, which
    ///     means that no operation was done; or by a handler
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static <R extends @Nullable Object> R select(Case<? extends R>... cases) throws InterruptedException {
        return run(false, cases);
    }

    /// Waits as [#select(Case\[\])] does, but of several cases that can proceed at that instant
    /// the first one is chosen: put the context or the control channel before the data.
    ///
    /// {@snippet file="ExamplesTest.java" region="first"}
    ///
    /// There is no bound on how long a later case waits: one that is always ready starves all
    /// behind it, as a channel of work does that never runs empty. Such a loop wants the fair
    /// [#select(Case\[\])], or a bound of its own. The order counts among cases that are ready
    /// when the select looks; if it has to wait, the case that is ready first ends the wait,
    /// wherever it stands.
    ///
    /// @param <R> what the handlers return
    /// @throws SendOnClosedException if a send was chosen whose channel is closed
    /// @throws ReceiveOnClosedException if a receive was chosen whose channel is closed and
    ///     drained, and which does not say what to do then
    /// @throws IllegalArgumentException if there is more than one timeout or more than one default
    /// @throws InterruptedException if the thread is interrupted before or while it waits, which
    ///     means that no operation was done; or by a handler
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static <R extends @Nullable Object> R selectFirst(Case<? extends R>... cases) throws InterruptedException {
        return run(true, cases);
    }

    private static <R extends @Nullable Object> R run(boolean inOrder, Case<? extends R>[] cases)
            throws InterruptedException {
        var plan = SelectPlan.<R>of(cases);
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before a select");
        }
        return plan.run(inOrder);
    }

    /// Receives an element and hands it to `onElement`. A channel that is closed and drained is
    /// always ready, and makes the select throw [ReceiveOnClosedException].
    ///
    /// @param <T> the type of the element
    /// @param <R> the type of the result
    public static <T, R extends @Nullable Object> Case<R> receive(
            ReceiveChannel<T> channel, Handler<? super T, ? extends R> onElement) {
        return new Operation.Receive<>(checked(channel), Objects.requireNonNull(onElement, "onElement"), null);
    }

    /// Receives an element and hands it to `onElement`, or runs `onClosed` if the channel is
    /// closed and drained.
    ///
    /// @param <T> the type of the element
    /// @param <R> the type of the result
    public static <T, R extends @Nullable Object> Case<R> receive(
            ReceiveChannel<T> channel, Handler<? super T, ? extends R> onElement, Reply<? extends R> onClosed) {
        return new Operation.Receive<>(
                checked(channel),
                Objects.requireNonNull(onElement, "onElement"),
                Objects.requireNonNull(onClosed, "onClosed"));
    }

    /// [#receive(ReceiveChannel, Handler)] for a handler that returns nothing; the select then
    /// returns null.
    ///
    /// @param <T> the type of the element
    public static <T> Case<@Nullable Void> consume(ReceiveChannel<T> channel, Consumption<? super T> onElement) {
        return receive(channel, returningNothing(onElement));
    }

    /// [#receive(ReceiveChannel, Handler, Reply)] for handlers that return nothing; the select
    /// then returns null.
    ///
    /// @param <T> the type of the element
    public static <T> Case<@Nullable Void> consume(
            ReceiveChannel<T> channel, Consumption<? super T> onElement, Action onClosed) {
        return receive(channel, returningNothing(onElement), returningNothing(onClosed));
    }

    /// Sends an element and then runs `onSent`. A closed channel is always ready, and makes the
    /// select throw [SendOnClosedException].
    ///
    /// @param <T> the type of the element
    /// @param <R> the type of the result
    public static <T, R extends @Nullable Object> Case<R> send(
            SendChannel<T> channel, T element, Reply<? extends R> onSent) {
        Objects.requireNonNull(channel, "channel");
        return new Operation.Send<>(
                (Channel<T>) channel,
                Objects.requireNonNull(element, "element"),
                Objects.requireNonNull(onSent, "onSent"));
    }

    /// [#send(SendChannel, Object, Reply)] for an action that returns nothing; the select then
    /// returns null.
    ///
    /// @param <T> the type of the element
    public static <T> Case<@Nullable Void> send(SendChannel<T> channel, T element, Action onSent) {
        return send(channel, element, returningNothing(onSent));
    }

    /// Chosen when the context is done.
    ///
    /// @param <R> the type of the result
    public static <R extends @Nullable Object> Case<R> done(Context context, Reply<? extends R> onDone) {
        Objects.requireNonNull(onDone, "onDone");
        return new Operation.Receive<>(checked(context.done()), nothing -> onDone.get(), onDone);
    }

    /// [#done(Context, Reply)] for an action that returns nothing; the select then returns null.
    public static Case<@Nullable Void> done(Context context, Action onDone) {
        return done(context, returningNothing(onDone));
    }

    /// Chosen when no other case could proceed for `timeout`; zero or less makes it a default.
    /// Takes neither a thread nor a timer.
    ///
    /// @param <R> the type of the result
    public static <R extends @Nullable Object> Case<R> timeout(Duration timeout, Reply<? extends R> onTimeout) {
        return new TimeoutCase<>(
                Objects.requireNonNull(timeout, "timeout"), Objects.requireNonNull(onTimeout, "onTimeout"));
    }

    /// [#timeout(Duration, Reply)] for an action that returns nothing; the select then returns
    /// null.
    public static Case<@Nullable Void> timeout(Duration timeout, Action onTimeout) {
        return timeout(timeout, returningNothing(onTimeout));
    }

    /// Chosen when no other case can proceed at once: with it, a select never blocks.
    ///
    /// @param <R> the type of the result
    public static <R extends @Nullable Object> Case<R> orElse(Reply<? extends R> otherwise) {
        return new DefaultCase<>(Objects.requireNonNull(otherwise, "otherwise"));
    }

    /// [#orElse(Reply)] for an action that returns nothing; the select then returns null.
    public static Case<@Nullable Void> orElse(Action otherwise) {
        return orElse(returningNothing(otherwise));
    }

    private static <T> Channel<T> checked(ReceiveChannel<T> channel) {
        return (Channel<T>) Objects.requireNonNull(channel, "channel");
    }

    private static <T> Handler<T, @Nullable Void> returningNothing(Consumption<? super T> consumption) {
        Objects.requireNonNull(consumption, "onElement");
        return element -> {
            consumption.accept(element);
            return null;
        };
    }

    private static Reply<@Nullable Void> returningNothing(Action action) {
        Objects.requireNonNull(action, "action");
        return () -> {
            action.run();
            return null;
        };
    }
}
