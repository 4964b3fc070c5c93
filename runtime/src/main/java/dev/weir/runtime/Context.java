package dev.weir.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Carries cancellation, a deadline and values down the calls and threads that work on one task,
/// as Go's
/// `context`.
///
/// Pass it explicitly, as the first parameter. Derive a child where a part of the work shall end
/// earlier than the whole; what happens to a child never affects its parent. Whoever derives a
/// [CancellableContext] closes it when the work is done, or the parent keeps it:
///
/// {@snippet file="ExamplesTest.java" region="deadline"}
///
/// A context is done from the first of: its own cancellation, its deadline, the end of its parent.
/// That first one decides [#err()] and [#cause()]. Cancelling a context ends all that descend from
/// it before the call returns. Deadlines fire on a platform thread, in time even when every
/// carrier is busy.
///
/// All methods may be called by any thread; only [#await()] and the body of [#interrupting(Body)]
/// block.
public sealed interface Context permits CancellableContext, BackgroundContext, DetachedContext, ValueContext {

    /// The root of all contexts: never done, without deadline and values.
    static Context background() {
        return BackgroundContext.INSTANCE;
    }

    /// A channel that is closed when this context is done and never carries an element, for use in
    /// a [Select]. [Channel#never()] if this context can never be done.
    ReceiveChannel<Void> done();

    /// Why this context is done; empty exactly as long as [#done()] is open.
    Optional<ContextException> err();

    /// The throwable given to whoever ended this context or the ancestor that ended it, else the
    /// same as [#err()].
    Optional<Throwable> cause();

    /// The earliest of the deadlines of this context and its ancestors.
    Optional<Instant> deadline();

    /// The value that the nearest of this context and its ancestors has for `key`. Walks up: the
    /// cost grows with the depth.
    ///
    /// @param <T> the type of the value
    <T> Optional<T> value(Key<T> key);

    /// Whether this context is done.
    default boolean isDone() {
        return err().isPresent();
    }

    /// Does nothing unless this context is done: the check for loops that compute without blocking.
    ///
    /// @throws ContextException if this context is done
    default void throwIfDone() {
        if (isDone()) {
            throw err().orElseThrow().thrownBecauseOf(cause().orElseThrow());
        }
    }

    /// Waits until this context is done.
    ///
    /// @throws InterruptedException if the thread is interrupted before or while it waits
    default void await() throws InterruptedException {
        ((Channel<Void>) done()).receiveOrEnd();
    }

    /// A child that can be cancelled, with or without a cause.
    default CancellableContext withCancel() {
        return CancelNode.under(this);
    }

    /// A child that is done at `deadline` at the latest; one in the past makes it done at once.
    default CancellableContext withDeadline(Instant deadline) {
        return CancelNode.under(this, deadline, DeadlineExceededException.reason());
    }

    /// A child that is done at `deadline` at the latest, and whose [#cause()] is `cause` if it is
    /// the deadline that ends it.
    default CancellableContext withDeadline(Instant deadline, Throwable cause) {
        return CancelNode.under(this, deadline, Objects.requireNonNull(cause, "cause"));
    }

    /// A child that is done when `timeout` has passed, at the latest; zero or less makes it done
    /// at once.
    default CancellableContext withTimeout(Duration timeout) {
        return CancelNode.under(this, timeout, DeadlineExceededException.reason());
    }

    /// A child that is done when `timeout` has passed, at the latest, and whose [#cause()] is
    /// `cause` if it is that which ends it.
    default CancellableContext withTimeout(Duration timeout, Throwable cause) {
        return CancelNode.under(this, timeout, Objects.requireNonNull(cause, "cause"));
    }

    /// A child with a value, which hides the value that an ancestor has for the same key. Meant
    /// for what belongs to the task, such as a trace id; not for passing parameters.
    ///
    /// @param <T> the type of the value
    default <T> Context withValue(Key<T> key, T value) {
        return new ValueContext(
                this, Objects.requireNonNull(key, "key"), Optional.of(Objects.requireNonNull(value, "value")));
    }

    /// A child in which `key` has no value, whatever the ancestors say.
    default Context withoutValue(Key<?> key) {
        return new ValueContext(this, Objects.requireNonNull(key, "key"), Optional.empty());
    }

    /// A child that keeps the values, but neither ends with this context nor has its deadline: for
    /// work that must be completed after a task was cancelled.
    default Context withoutCancel() {
        return new DetachedContext(this);
    }

    /// A child that `other` ends as well: with that one's [#err()] and [#cause()] if it is the
    /// first to end. It has the earlier of the two deadlines, and the values of this context only.
    default CancellableContext linkedTo(Context other) {
        return CancelNode.linked(this, Objects.requireNonNull(other, "other"));
    }

    /// A child that somebody else's context ends as well, as a cancellation.
    ///
    /// {@snippet file="ExamplesTest.java" region="foreign"}
    default CancellableContext linkedTo(ForeignContext foreign) {
        return CancelNode.linked(this, Objects.requireNonNull(foreign, "foreign"));
    }

    /// A child that ends as well when `stage` completes, as a cancellation, whose cause is the
    /// exception that it completes with, if any. The same as `linkedTo(ForeignContext.of(stage))`.
    default CancellableContext linkedTo(CompletionStage<?> stage) {
        return linkedTo(ForeignContext.of(stage));
    }

    /// Runs `body` in the calling thread, which is interrupted if this context ends meanwhile: for
    /// calls that know interruption but no contexts.
    ///
    /// {@snippet file="ExamplesTest.java" region="interrupting"}
    ///
    /// The interrupt ends with the body: when this method returns or throws, the thread is not
    /// interrupted on behalf of the context, however close the two were. If somebody else
    /// interrupts the thread after the context has ended, that counts as the same interrupt. May
    /// be nested; each body is interrupted for its own context.
    ///
    /// @param <T> what it returns
    /// @param <X> what it throws beside [InterruptedException]
    /// @return what `body` returns, even if the context has ended meanwhile
    /// @throws ContextException if this context is done before, in which case `body` is not run;
    ///     or if
    /// `body`, after it was interrupted for this context, throws any exception, which becomes a
    /// suppressed one
    /// @throws X what `body` throws otherwise
    /// @throws InterruptedException if the thread is interrupted before, or by somebody else
    ///     meanwhile
    default <T extends @Nullable Object, X extends Exception> T interrupting(Body<T, X> body)
            throws X, InterruptedException {
        return Interruption.run(this, Objects.requireNonNull(body, "body"));
    }

    /// [#interrupting(Body)] for a body that returns nothing.
    ///
    /// @param <X> what it throws beside [InterruptedException]
    default <X extends Exception> void interrupting(Action<X> body) throws X, InterruptedException {
        Objects.requireNonNull(body, "body");
        Context.Body<@Nullable Void, X> returningNothing = () -> {
            body.run();
            return null;
        };
        Interruption.run(this, returningNothing);
    }

    /// A part of the work, which may block.
    ///
    /// @param <T> what it returns
    /// @param <X> what it throws beside [InterruptedException]
    @FunctionalInterface
    interface Body<T extends @Nullable Object, X extends Exception> {
        /// Does it.
        T run() throws X, InterruptedException;
    }

    /// A part of the work that returns nothing, and may block.
    ///
    /// @param <X> what it throws beside [InterruptedException]
    @FunctionalInterface
    interface Action<X extends Exception> {
        /// Does it.
        void run() throws X, InterruptedException;
    }

    /// Runs `action` once in its own virtual thread when this context is done, at once if it is
    /// done already. What the action throws goes to the thread's uncaught exception handler.
    ///
    /// {@snippet file="ExamplesTest.java" region="after"}
    default AfterFunc afterFunc(Runnable action) {
        return PendingFunc.on(this, action);
    }

    /// An action that runs when a context is done.
    sealed interface AfterFunc permits PendingFunc {
        /// Withdraws the action. Does not wait for one that has started.
        ///
        /// @return whether this call prevented the action from running
        boolean stop();
    }
}
