package dev.weir.runtime;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A [Context] whose holder can end it. Pass it on as a [Context] to those who may not.
public sealed interface CancellableContext extends Context, AutoCloseable permits CancelNode {

    /// Ends this context and all that descend from it, before returning. Does nothing if it is
    /// done already.
    void cancel();

    /// Ends this context as [#cancel()] does, and makes `cause` the [#cause()] of all contexts
    /// that this call ends.
    void cancel(Throwable cause);

    /// Runs `body` in the calling thread, and cancels this context if that thread is interrupted
    /// meanwhile: so an interrupt of the one who waits reaches all who work for it.
    ///
    /// {@snippet file="ExamplesTest.java" region="cancelled-by-interrupt"}
    ///
    /// Java tells of an interrupt only to the thread itself, and only when it blocks or asks: it
    /// is noticed when
    /// `body` throws [InterruptedException], or another exception while the thread's interrupt
    /// status is set. That exception is the cause, and is thrown again. After a body that returns,
    /// the interrupt is left for the next wait.
    ///
    /// @param <T> what it returns
    /// @param <X> what it throws beside [InterruptedException]
    /// @return what `body` returns
    /// @throws X what `body` throws
    /// @throws InterruptedException what `body` throws
    default <T extends @Nullable Object, X extends Exception> T cancelledByInterrupt(Body<T, X> body)
            throws X, InterruptedException {
        Objects.requireNonNull(body, "body");
        try {
            return body.run();
        } catch (Exception thrown) {
            if (thrown instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
                cancel(thrown);
            }
            throw thrown;
        }
    }

    /// [#cancelledByInterrupt(Body)] for a body that returns nothing.
    ///
    /// @param <X> what it throws beside [InterruptedException]
    default <X extends Exception> void cancelledByInterrupt(Action<X> body) throws X, InterruptedException {
        Objects.requireNonNull(body, "body");
        Context.Body<@Nullable Void, X> returningNothing = () -> {
            body.run();
            return null;
        };
        cancelledByInterrupt(returningNothing);
    }

    /// The same as [#cancel()]: frees what the parent keeps for this context, when the work is
    /// done.
    @Override
    default void close() {
        cancel();
    }
}
